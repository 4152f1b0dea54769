// Puts the widget with all its files into one script, or into one page that a browser opens from a disk, where it may load
// nothing else. Arguments: the folder of the widget as it is built, the script to begin with (`www/.../X.js`), which has a `beside.js`
// beside it with a `fetch` of its own, what to write;
// where that ends in `.html`, a page `X.html` lies beside the script, with an empty script to be filled.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const [stage, entry, out] = process.argv.slice(1).map((path) => resolve(path));
const sources = resolve("www");

const TYPES = { css: "text/css", html: "text/html", js: "text/javascript", json: "application/json", wasm: "application/wasm" };
/** What is loaded as a file of its own, not imported. */
const WORKER = "scoring/worker.js";
const NOTICES = "THIRD-PARTY-NOTICES.txt";
const FILES = /\.(css|wasm)$|^words\/.*\.json$|^panels\/frame\.html$/;

/** A file by its path, as a `data:` URL. */
function pack(path, bytes) {
  return [path, `data:${TYPES[path.split(".").pop()]};base64,${Buffer.from(bytes).toString("base64")}`];
}

/** Takes what is built in the place of its source, and gives `k-sort:files` and the URLs of what the script may load. */
function plugin(files) {
  return {
    name: "inline",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^k-sort:files$/ }, ({ path }) => ({ path, namespace: "files" }));
      onLoad({ filter: /./, namespace: "files" }, () => ({ contents: JSON.stringify(files), loader: "json" }));
      onResolve({ filter: /^\.\.\// }, ({ path, resolveDir }) => {
        return resolveDir.startsWith(sources) ? { path: join(stage, relative(sources, resolve(resolveDir, path))) } : undefined;
      });
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const script = relative(path.startsWith(stage) ? stage : sources, path).split(sep).join("/");
        const text = readFileSync(path, "utf8");
        const own = text.replace(/new URL\(([^()]+?),\s*import\.meta\.url\)/g, `ownFile($1,${JSON.stringify(script)})`);
        // A script that imports and exports nothing would pass for one of CommonJS.
        return { contents: `${own}\nexport {};` };
      });
    },
  };
}

/** One script of this one and all that it imports, at once or on demand. */
async function bundle(start, files, inject) {
  const { outputFiles, metafile } = await build({
    entryPoints: [start],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
    metafile: true,
    logLevel: "warning",
    inject,
    plugins: [plugin(Object.fromEntries(files))],
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/"));
  if (foreign.length > 0) throw new Error(`${start} brings along ${foreign.join(", ")}: only of what panels bring along notices are collected`);
  // Inside a page it would begin a comment.
  return outputFiles[0].text.replaceAll("<!--", "\\x3C!--");
}

const all = readdirSync(stage, { recursive: true, withFileTypes: true })
  .filter((found) => found.isFile())
  .map((found) => relative(stage, join(found.parentPath, found.name)).split(sep).join("/"))
  .filter((path) => FILES.test(path));
const packed = all.map((path) => pack(path, readFileSync(join(stage, path))));
// It is told where its WebAssembly is.
const worker = await bundle(join(stage, WORKER), [], []);
// What takes the place of the browser's own means: files inside the script, and what would lie beside it.
const inject = [join(sources, "inline/files.js"), join(dirname(entry), "beside.js")];
const script = await bundle(entry, [...packed, pack(WORKER, worker)], inject);
writeFileSync(out, out.endsWith(".html") ? page(script) : script);

function page(script) {
  const file = entry.replace(/\.js$/, ".html");
  const notices = readFileSync(join(stage, NOTICES), "utf8");
  // Neither ends or hides what it stands in.
  if (/<\/script|<!--/i.test(notices)) throw new Error(`${NOTICES} has what a page takes for markup`);
  const withNotices = fill(readFileSync(file, "utf8"), file, '<script type="text/plain" id="third-party-notices">', `\n${notices}`);
  return fill(withNotices, file, '<script type="module">', script);
}

/** Puts content into the one empty script of a page that begins with this tag. */
function fill(text, file, tag, content) {
  const [before, after, ...more] = text.split(`${tag}</script>`);
  if (after === undefined || more.length > 0) throw new Error(`${file} has ${text.split(`${tag}</script>`).length - 1} of the empty ${tag}, expected one`);
  return `${before}${tag}${content}</script>${after}`;
}
