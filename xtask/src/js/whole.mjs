// Makes each script of a built widget that a page or another script loads a whole one, with all that it imports at once: so
// that one hash tells of it all. What shows media is bundled already. Arguments: the folder, which is changed in place, and the
// script that has browsers check what the element loads.
import { build } from "esbuild";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const [folder, verify] = process.argv.slice(1).map((path) => resolve(path));

/** Stays a script of its own, of which a page has one. */
const ELEMENT = "k-sort.js";
/** The same for bundlers, which give files other names and other bytes, so that nothing can be checked. */
const FOR_BUNDLERS = "bundler.js";
const BUNDLED = "panels/";
const LOADED = /\bimport\("(\.[^"]+)"\)|new URL\("(\.[^"]+\.js)",import\.meta\.url\)/g;
const STARTED = /<script type="module" src="([^"]+)"/g;

const posix = (path) => path.split(sep).join("/");
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((found) => found.isFile())
  .map((found) => posix(relative(folder, join(found.parentPath, found.name))));
const scripts = files.filter((file) => file.endsWith(".js") && !file.startsWith(BUNDLED));

/** The files that a file names by a pattern, from the folder. */
function named(file, pattern) {
  const text = readFileSync(join(folder, file), "utf8");
  return [...text.matchAll(pattern)].map(([, one, other]) => posix(join(dirname(file), one ?? other)));
}

const started = files.filter((file) => file.endsWith(".html")).flatMap((file) => named(file, STARTED));
const loaded = files.filter((file) => file.endsWith(".js")).flatMap((file) => named(file, LOADED));
const entries = new Set([ELEMENT, ...started, ...loaded].filter((file) => scripts.includes(file)));

/** Leaves what is loaded on demand outside, and has what is named beside a script found from the one that it becomes part of. */
function plugin(entry) {
  const fromEntry = (path, by) => {
    const way = posix(relative(dirname(join(folder, entry)), resolve(by, path)));
    return way.startsWith(".") ? way : `./${way}`;
  };
  return {
    name: "whole",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        const outside = kind === "dynamic-import" || join(resolveDir, path) === join(folder, ELEMENT);
        return outside && kind !== "entry-point" ? { path: fromEntry(path, resolveDir), external: true } : undefined;
      });
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        return {
          contents: text.replace(/new URL\("(\.[^"]+)",import\.meta\.url\)/g, (_, file) => {
            return `new URL(${JSON.stringify(fromEntry(file, dirname(path)))},import.meta.url)`;
          }),
        };
      });
    },
  };
}

/** A script with all that it imports at once, and the names of what that is. */
async function whole(entry, inject = []) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [`./${entry}`],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
    metafile: true,
    logLevel: "warning",
    inject,
    plugins: [plugin(entry)],
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/"));
  if (foreign.length > 0) throw new Error(`${entry} brings along ${foreign.join(", ")}: only of what panels bring along notices are collected`);
  return { file: entry, script: outputFiles[0].contents, parts: Object.keys(metafile.inputs) };
}

const element = await whole(ELEMENT, [verify]);
const unchecked = { ...(await whole(ELEMENT)), file: FOR_BUNDLERS };
const all = [element, unchecked, ...(await Promise.all([...entries].filter((file) => file !== ELEMENT).map((file) => whole(file))))];
for (const part of new Set(all.flatMap(({ parts }) => parts))) if (scripts.includes(part)) rmSync(join(folder, part));
for (const { file, script } of all) writeFileSync(join(folder, file), script);

// What a page loads ahead is now part of the element.
for (const page of files.filter((file) => file.endsWith(".html"))) {
  const text = readFileSync(join(folder, page), "utf8");
  const ahead = text.replace(/(<link rel="modulepreload" href=")([^"]+)"/g, (link, start, file) => {
    return element.parts.includes(posix(join(dirname(page), file))) ? `${start}${ELEMENT}"` : link;
  });
  writeFileSync(join(folder, page), ahead);
}
