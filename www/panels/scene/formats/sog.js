import { SceneError } from '../errors.js';
import { MAX_SPLATS, checkSplats } from './limits.js';
import { readSplats } from './splats.js';
import { pictureSize } from './webp.js';
import { listZip, unzip } from './zip.js';

const META = 'meta.json';
const MAX_META_BYTES = 1 << 24;

/**
 * Reads a SOG, the format of PlayCanvas: a zip of `meta.json` and pictures in WebP, whose pixels are the splats.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  const files = listZip(bytes);
  const meta = files.find(({ name }) => name.split('/').pop() === META);
  if (!meta) throw new SceneError('damaged', 'a SOG without meta.json');
  const json = JSON.parse(new TextDecoder().decode(await unzip(bytes, meta, MAX_META_BYTES)));
  const count = json.count ?? json.means?.shape?.[0];
  checkSplats(count);
  const folder = meta.name.slice(0, -META.length);
  for (const part of ['means', 'scales', 'quats', 'sh0']) {
    for (const name of json[part].files) {
      const { width, height } = await sizeOf(bytes, files, folder + name);
      if (width * height < count) throw new SceneError('damaged', 'a picture of a SOG has too few pixels');
    }
  }
  for (const name of json.shN?.files ?? []) await sizeOf(bytes, files, folder + name);
  return readSplats(bytes, 'pcsogszip', count);
}

async function sizeOf(bytes, files, name) {
  const file = files.find((file) => file.name === name);
  if (!file) throw new SceneError('damaged', 'a SOG lacks a picture');
  const size = pictureSize(await unzip(bytes, file, 4 * MAX_SPLATS));
  if (size.width * size.height > 2 * MAX_SPLATS) throw new SceneError('large', 'a picture of a SOG');
  return size;
}
