import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { demo } from "./paths.js";

/** Files of the study that comes with the project, one for each model. */
export const ofDemo = (item, extension) => async (model) => {
  const name = ["linen", "cobalt", "sage", "amber", "coral"][model];
  return { extension, bytes: await readFile(join(demo, "media", item, `${name}.${extension}`)) };
};
