import { SceneError } from '../errors.js';
import { checkSplats } from './limits.js';
import { readSplats } from './splats.js';

/** Of a splat: place and scale as 3 floats each, colour with opacity as 4 bytes, rotation as 4 bytes. */
const SPLAT_BYTES = 32;

/**
 * Reads a .splat, which is nothing but splats.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  if (bytes.byteLength % SPLAT_BYTES !== 0) throw new SceneError('truncated', 'not a whole number of splats');
  const count = bytes.byteLength / SPLAT_BYTES;
  checkSplats(count);
  return readSplats(bytes, 'splat', count);
}
