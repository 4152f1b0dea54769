// Gives the files of a built widget names with content hashes, and each reference to them the hash that the browser is to check.
// Argument: the folder, which is changed in place. It gets `integrity.json`, the SHA-384 of every file.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, extname, join, posix, relative, resolve, sep } from "node:path";

const folder = resolve(process.argv[1]);

/** Asked for by name: by people, by the browser, and the page in a frame by servers, which give it a policy of its own. */
const NAMED = /\.html$|\.d\.ts$|^(k-sort|bundler|sw)\.js$|^manifest\.webmanifest$|^icons?\b.*\.(svg|png)$|^jspsych\/|^package\.json$|^(README|LICENSE|THIRD-PARTY-NOTICES)\b/;
/** Has all its files inside. */
const INLINE = "k-sort.inline.html";
/** The three loaders name files that they are never asked for: the widget brings them along elsewhere. */
const NEVER_LOADED = /^\.\.\/libs\/(basis|draco)\//;
/** What the bundler of the panels put into names, which is not the hash of what is published. */
const BUNDLER_HASH = /(?<=\/part)-[A-Z0-9]{8}$/;
const SCRIPT = /(\bfrom|\bimport)"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)|new URL\("(\.[^"]+)",import\.meta\.url\)/g;
const PAGE = /(<(?:link|script)\b[^>]*\b(?:href|src)=")([^":#]+)("[^>]*?)( \/)?>/g;

const hash = (algorithm, bytes) => createHash(algorithm).update(bytes);
const sri = (algorithm, bytes) => `${algorithm}-${hash(algorithm, bytes).digest("base64")}`;

/** What became of each file: its name, its hash, and the scripts that are loaded with it. */
const published = new Map();
const begun = [];

function publish(file) {
  if (published.has(file)) return published.get(file);
  if (begun.includes(file)) throw new Error(`${file} needs itself: ${[...begun, file].join(" > ")}`);
  if (!existsSync(join(folder, file))) throw new Error(`${begun.at(-1)} names ${file}, which is not there`);
  begun.push(file);
  const scripts = new Set();
  const plain = readFileSync(join(folder, file));
  const bytes = rewrite[extname(file)]?.(file, plain.toString(), scripts) || plain;
  const extension = extname(file);
  const stem = file.slice(0, -extension.length).replace(BUNDLER_HASH, "");
  const name = NAMED.test(file) ? file : `${stem}-${hash("sha256", bytes).digest("hex").slice(0, 8)}${extension}`;
  writeFileSync(join(folder, file), bytes);
  renameSync(join(folder, file), join(folder, name));
  begun.pop();
  const result = { name, integrity: sri("sha256", bytes), scripts };
  if (extension === ".js") scripts.add(result);
  published.set(file, result);
  return result;
}

const rewrite = {
  ".js"(file, text, scripts) {
    const way = ({ name }) => {
      const path = posix.relative(dirname(file), name);
      return path.startsWith(".") ? path : `./${path}`;
    };
    const at = (path) => publish(posix.join(dirname(file), path));
    // First of all what is loaded at once: with that nothing else needs to be checked again.
    for (const [, , path] of text.matchAll(SCRIPT)) if (path) at(path).scripts.forEach((script) => scripts.add(script));
    return text.replace(SCRIPT, (_, keyword, atOnce, onDemand, path) => {
      if (NEVER_LOADED.test(path)) return 'new URL("about:blank")';
      const found = at(atOnce ?? onDemand ?? path);
      if (atOnce) return `${keyword}"${way(found)}"`;
      if (path) return `new URL("${way(found)}${/\.(js|html)$/.test(path) ? "" : `#${found.integrity}`}",import.meta.url)`;
      const unchecked = [...found.scripts].filter((script) => !scripts.has(script) && !NAMED.test(script.name));
      if (unchecked.length === 0) return `import("${way(found)}")`;
      const files = unchecked.map((script) => `${posix.relative(dirname(file), script.name)}#${script.integrity}`);
      // Where this is bundled once more, nothing verifies.
      return `(globalThis[Symbol.for("k-sort verify")]?.("${files.join(" ")}",import.meta.url)??Promise.resolve()).then(()=>import("${way(found)}"))`;
    });
  },

  ".html": (file, text) =>
    file !== INLINE &&
    text.replace(PAGE, (_, start, path, rest, end = "") => {
      const { name, integrity } = publish(posix.join(dirname(file), path));
      // What is loaded ahead for a fetch is checked by that.
      const check = NAMED.test(name) || rest.includes('as="fetch"') ? "" : ` integrity="${integrity}"`;
      return `${start}${posix.relative(dirname(file), name)}${rest}${check}${end}>`;
    }),

  ".css"(file, text) {
    if (/url\((?!["']?data:)/.test(text)) throw new Error(`${file} names another file, which is to be given a name here first`);
    return text;
  },
};

const list = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => relative(folder, join(found.parentPath, found.name)).split(sep).join("/"))
    .sort();
const files = list();
for (const file of files) if (NAMED.test(file)) publish(file);
const unnamed = files.filter((file) => !published.has(file));
if (unnamed.length > 0) throw new Error(`no file names ${unnamed.join(", ")}`);

const integrity = Object.fromEntries(list().map((file) => [file, sri("sha384", readFileSync(join(folder, file)))]));
writeFileSync(join(folder, "integrity.json"), `${JSON.stringify(integrity, null, 2)}\n`);
