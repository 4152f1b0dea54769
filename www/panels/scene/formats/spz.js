import { SceneError } from '../errors.js';
import { checkSplats } from './limits.js';
import { readSplats } from './splats.js';

const MAGIC = 0x5053474e;
const HEADER_BYTES = 16;
/** Bytes of the spherical harmonics of a splat, by degree. */
const HARMONICS = [0, 9, 24, 45];

/**
 * Reads an SPZ, the format of Niantic: a header and arrays, packed by gzip.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  const count = await measure(bytes);
  return readSplats(bytes, 'spz', count);
}

/** Unpacks once without keeping anything: says how many splats there are, if they are all there and no more than that. */
async function measure(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  let header = new Uint8Array(0);
  let length = 0;
  let expected;
  try {
    for (;;) {
      const { done, value } = await next(reader);
      if (done) break;
      length += value.length;
      if (!expected) {
        header = joined(header, value);
        if (header.length >= HEADER_BYTES) expected = readHeader(new DataView(header.buffer));
      }
      if (expected && length > expected.most) throw new SceneError('damaged', 'an SPZ holds more than it says');
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (length < (expected?.length ?? HEADER_BYTES)) throw new SceneError('truncated', 'an SPZ holds less than it says');
  return expected.count;
}

async function next(reader) {
  try {
    return await reader.read();
  } catch (cause) {
    throw new SceneError('damaged', 'the gzip of an SPZ', cause);
  }
}

function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function readHeader(view) {
  const [magic, version, count] = [0, 4, 8].map((at) => view.getUint32(at, true));
  const degree = view.getUint8(12);
  if (magic !== MAGIC || version < 1 || version > 3 || degree > 3) throw new SceneError('damaged', 'the header of an SPZ');
  checkSplats(count);
  const [place, rotation] = [version === 1 ? 6 : 9, version === 3 ? 4 : 3];
  // Opacity is a byte, colour and scale are three each.
  const length = HEADER_BYTES + count * (place + rotation + 1 + 3 + 3 + HARMONICS[degree]);
  // Spark adds a tree of levels of detail, of six bytes a splat.
  return { count, length, most: length + 6 * count };
}
