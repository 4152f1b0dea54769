import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The widget as it is built. */
export const dist = join(root, "dist");
/** The study that comes with the project. */
export const demo = join(root, "www/demo");
/** The program under test. */
export const ksort = resolve(root, process.env.KSORT_BIN || "target/debug/ksort");
