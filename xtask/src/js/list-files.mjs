// Lists the files of the widget in a folder for its service worker, in sw-files.js.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** What a page loads. */
const LOADED = /\.(html|js|css|json|wasm|svg|png|webmanifest)$/;
/** What lies in the folder for others than pages, and the service worker, which the browser keeps by itself. */
const OTHERS = /^(jspsych\/|bundler\.js$|sw\.js$|sw-files\.js$|package\.json$|integrity\.json$|k-sort\.inline\.html$)/;

const [folder] = process.argv.slice(1);
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
  .filter((file) => LOADED.test(file) && !OTHERS.test(file))
  .sort();
const hash = (algorithm, data, encoding) => createHash(algorithm).update(data).digest(encoding);
const sri = (data) => `sha384-${hash("sha384", data, "base64")}`;
/** Of a page that a server may have show its own studies only, both forms are taken. */
const [ANY, OWN] = ["any", "own"].map((studies) => `name="k-sort-studies" content="${studies}"`);
const expected = (data) => (data.includes(ANY) ? `${sri(data)} ${sri(data.toString().replace(ANY, OWN))}` : sri(data));
const list = Object.fromEntries(files.map((file) => [file, expected(readFileSync(join(folder, file)))]));
const version = hash("sha256", JSON.stringify(list), "hex").slice(0, 16);
writeFileSync(join(folder, "sw-files.js"), `let VERSION=${JSON.stringify(version)};const FILES=${JSON.stringify(list)};\n`);
