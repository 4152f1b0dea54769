// Drops what the widget's loader does not use from the script of wasm-bindgen, then what that script does not use from
// the exports of the WebAssembly: dependencies export classes of their own. Arguments: the loader, the script, the
// WebAssembly.
import binaryen from "binaryen";
import { buildSync } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";

const [loader, script, wasm] = process.argv.slice(1);

const source = readFileSync(loader, "utf8");
const found = source.match(/import\s+\w+,\s*\{([^}]*)\}\s*from\s*"\.+([^"]+)"/);
if (!found || !script.endsWith(found[2])) throw new Error(`${loader} imports nothing from ${script}`);
// This keeps every class alive, for callers that write `using`; the loader does not.
const disposal = /^if \(Symbol\.dispose\) (\w+)\.prototype\[Symbol\.dispose\] = \1\.prototype\.free;$/gm;
writeFileSync(script, readFileSync(script, "utf8").replace(disposal, ""));
buildSync({
  stdin: { contents: `export { default, ${found[1]} } from "./${basename(script)}";`, resolveDir: dirname(script) },
  bundle: true,
  format: "esm",
  // A registry that nothing is put into does nothing.
  pure: ["FinalizationRegistry"],
  outfile: script,
  allowOverwrite: true,
  logLevel: "warning",
});

const text = readFileSync(script, "utf8");
const used = new Set(text.match(/[\w$]+/g));
const module = binaryen.readBinary(readFileSync(wasm));
const names = Array.from({ length: module.getNumExports() }, (_, n) => {
  return binaryen.getExportInfo(module.getExportByIndex(n)).name;
});
for (const name of names.filter((name) => !used.has(name))) module.removeExport(name);
binaryen.setDebugInfo(true);
writeFileSync(wasm, module.emitBinary());
