// Makes the demo study from nothing: `node www/demo/make.mjs [ITEM …]`. Its output is checked in; run it only to change it.

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkEncoders } from './make/ffmpeg.mjs';
import { items } from './make/items.mjs';
import { kinds } from './make/kinds.mjs';
import { models } from './make/models.mjs';
import { study } from './make/study.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const chosen = process.argv.slice(2);
const unknown = chosen.filter((id) => !items.some((item) => item.id === id));

async function make(item) {
  const kind = kinds[item.kind];
  const original = kind.render(item);
  mkdirSync(`${here}media/${item.id}`, { recursive: true });
  const row = { scores: [], sizes: [] };
  for (const model of models) {
    const path = `${here}media/${item.id}/${model.id}.${kind.ext}`;
    row.scores.push(await kind.encode(original, model, path, item));
    row.sizes.push(statSync(path).size);
  }
  return row;
}

/** True where every level is worse than the one before it. */
const inOrder = (kind, scores) => scores.every((x, i) => i === 0 || (kind.unit.startsWith('PSNR') ? x < scores[i - 1] : x > scores[i - 1]));

try {
  if (unknown.length) throw new Error(`no item ${unknown.join(', ')}; there are ${items.map((item) => item.id).join(', ')}`);
  checkEncoders();
  let total = 0;
  for (const item of items.filter(({ id }) => !chosen.length || chosen.includes(id))) {
    const { scores, sizes } = await make(item);
    const kind = kinds[item.kind];
    total += sizes.reduce((a, b) => a + b);
    const figures = scores.map((x, i) => `${x.toFixed(2)} (${(sizes[i] / 1000).toFixed(1)} kB)`.padStart(18)).join('');
    console.log(`${item.id.padEnd(12)}${figures}  ${kind.unit}`);
    if (!inOrder(kind, scores)) throw new Error(`${item.id}: the levels are not in order`);
  }
  writeFileSync(`${here}study.json`, `${JSON.stringify(study, null, 2)}\n`);
  console.log(`${(total / 1e6).toFixed(2)} MB of media`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
