import { SceneError } from '../errors.js';
import { MAX_SIDE, checkLength } from './limits.js';

const MAGIC = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER_BYTES = 80;
const LEVEL_BYTES = 24;
const MAX_PIXELS = 1 << 26;

/**
 * Checks a KTX2 texture before a decoder takes its header for true.
 *
 * @param {ArrayBuffer} bytes
 * @throws {SceneError}
 */
export function checkTexture(bytes) {
  const head = new Uint8Array(bytes, 0, Math.min(MAGIC.length, bytes.byteLength));
  if (!MAGIC.every((byte, i) => head[i] === byte)) throw new SceneError('image', 'not a KTX2');
  checkLength(bytes.byteLength, HEADER_BYTES);
  const view = new DataView(bytes);
  const [width, height, depth, layers, faces, levels] = [20, 24, 28, 32, 36, 40].map((at) => view.getUint32(at, true));
  if (depth > 1 || layers > 1 || faces !== 1) throw new SceneError('unsupported', 'a KTX2 that is not one flat picture');
  if (width === 0 || height === 0) throw new SceneError('image', 'a KTX2 without pixels');
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) throw new SceneError('large', 'a KTX2');
  const count = Math.max(1, levels);
  if (count > 1 + Math.floor(Math.log2(Math.max(width, height)))) throw new SceneError('image', 'the levels of a KTX2');
  checkLength(bytes.byteLength, HEADER_BYTES + count * LEVEL_BYTES);
  for (let level = 0; level < count; level++) {
    const at = HEADER_BYTES + level * LEVEL_BYTES;
    checkLength(bytes.byteLength, Number(view.getBigUint64(at, true)) + Number(view.getBigUint64(at + 8, true)));
    // As RGBA, no pixel is more than 16 bytes.
    if (Number(view.getBigUint64(at + 16, true)) > width * height * 16 + 1024) throw new SceneError('large', 'a level of a KTX2');
  }
}
