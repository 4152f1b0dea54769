import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { png } from "./media.js";

// Words that appear nowhere else on a page, so that a leak is found by searching for them. Best model first.
const MODELS = [
  "zephyr", "quartz", "mistral", "bramble", "corvid", "dynamo", "ermine", "falcon",
  "gossamer", "hollow", "indigo", "juniper", "kestrel", "lantern", "marlin", "nimbus",
];
const PROMPTS = [
  "A lighthouse in fog",
  "Two foxes under a red umbrella",
  "The old harbour at noon, seen from the hill above the town",
  "A bowl of plums",
  "Rain on a tin roof",
  "A paper boat in a gutter",
];
const WIDTH = 64;
const STEP = 8;

/** A picture whose width in pixels tells the tests which model made it. */
export function picture(model, item) {
  const colour = [40 + ((model * 53) % 200), 40 + ((item * 71) % 200), 220 - model * 12];
  return { extension: "png", bytes: png(WIDTH + STEP * model, 72, colour) };
}

/** The model, counted from 0 for the best, whose picture is so wide. */
export function modelOfWidth(width) {
  return (width - WIDTH) / STEP;
}

/**
 * Writes a study and its media into `folder`. `medium(model, item)` makes `{extension, bytes}`; every other key is
 * one of the study file's.
 */
export async function makeStudy(folder, { models = 5, items = 4, medium = picture, ...keys } = {}) {
  const ids = MODELS.slice(0, models);
  const study = {
    version: 1,
    id: "e2e",
    title: "A study of pictures",
    models: ids.map((id) => ({ id, name: nameOf(id) })),
    items: [],
    k: Math.min(4, models),
    trials: 8,
    matchmaking: { policy: "k-sort" },
    seed: 7,
    ...keys,
  };
  const files = [];
  for (let item = 0; item < items; item++) {
    const outputs = {};
    for (const [model, id] of ids.entries()) {
      const { extension, bytes } = await medium(model, item);
      outputs[id] = `media/${id}/of-${item}.${extension}`;
      files.push(outputs[id]);
      await write(folder, outputs[id], bytes);
    }
    study.items.push({ id: `item-${item}`, prompt: PROMPTS[item % PROMPTS.length], outputs });
  }
  await write(folder, "study.json", JSON.stringify(study));
  const secrets = [...ids, ...ids.map(nameOf), ...files, ...files.map((file) => file.split("/").pop())];
  return { folder, file: study, id: study.id, models: ids, names: ids.map(nameOf), trials: study.trials, files, secrets };
}

/** Writes one file of a study's folder. */
export async function write(folder, name, content) {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function nameOf(id) {
  return `Model ${id[0].toUpperCase()}${id.slice(1)}`;
}
