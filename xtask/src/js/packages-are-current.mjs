// Succeeds if node_modules holds what package-lock.json asks for.
import { readFileSync } from "node:fs";

const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

try {
  const wanted = packages("package-lock.json");
  const present = packages("node_modules/.package-lock.json");
  const current = Object.entries(wanted).every(([place, { version, integrity, optional }]) => {
    if (place === "") return true;
    // An optional package that is not there is one for another system.
    if (!(place in present)) return optional === true;
    return present[place].version === version && present[place].integrity === integrity;
  });
  const nothingElse = Object.keys(present).every((place) => place in wanted);
  process.exitCode = current && nothingElse ? 0 : 1;
} catch {
  process.exitCode = 1;
}
