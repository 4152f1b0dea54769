// Gives the imports and exports between a script and its WebAssembly short names, in both files: the hashes in the
// long ones are noise that no compression takes out. Arguments: wasm-opt, its options, the script, the WebAssembly.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [wasmOpt, ...rest] = process.argv.slice(1);
const [script, wasm] = rest.splice(-2);
const options = [...rest, "--minify-imports-and-exports-and-modules", wasm, "-o", wasm];
const names = JSON.parse(execFileSync(wasmOpt, options, { encoding: "utf8" }));

const imports = new Map(names.imports.map(([, long, short]) => [long, short]));
const exports = new Map(names.exports.map(([long, short]) => [long, short]));
const modules = new Set(names.imports.map(([module]) => module));
if (modules.size !== 1 || imports.size === 0) throw new Error(`found imports from ${modules.size} modules, expected one`);
const [module] = modules;

let text = readFileSync(script, "utf8");
if (!text.includes(`"${module}"`)) throw new Error(`${script} names no module "${module}"`);
text = text
  .replaceAll(`"${module}"`, '"a"')
  .replace(/\.([A-Za-z_$][\w$]*)/g, (access, name) => (exports.has(name) ? `.${exports.get(name)}` : access))
  .replace(/(?<![.\w$])([A-Za-z_$][\w$]*)/g, (word, name) => imports.get(name) ?? word);
writeFileSync(script, text);
