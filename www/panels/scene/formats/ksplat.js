import { SceneError } from '../errors.js';
import { checkLength, checkSplats } from './limits.js';
import { readSplats } from './splats.js';

const HEADER_BYTES = 4096;
const SECTION_BYTES = 1024;

/**
 * Reads a KSPLAT, the format of the viewer GaussianSplats3D by Mark Kellogg.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  checkLength(bytes.byteLength, HEADER_BYTES);
  const view = new DataView(bytes);
  const [major, minor] = [view.getUint8(0), view.getUint8(1)];
  if (major !== 0 || minor < 1) throw new SceneError('damaged', `KSPLAT ${major}.${minor}`);
  const maxSections = view.getUint32(4, true);
  const sections = view.getUint32(8, true);
  const count = view.getUint32(16, true);
  const compression = view.getUint16(20, true);
  if (compression > 2 || sections > maxSections) throw new SceneError('damaged', 'the header of a KSPLAT');
  checkSplats(count);
  checkLength(bytes.byteLength, HEADER_BYTES + maxSections * SECTION_BYTES);
  checkLength(bytes.byteLength, HEADER_BYTES + maxSections * SECTION_BYTES + dataBytes(view, maxSections, compression));
  return readSplats(bytes, 'ksplat', count);
}

/** Bytes of all sections: what is told of buckets, and the splats, whose size follows from the compression. */
function dataBytes(view, sections, compression) {
  const harmonics = [0, 9, 24, 45];
  const [plain, each] = [[44, 4], [24, 2], [24, 1]][compression];
  let sum = 0;
  for (let section = 0; section < sections; section++) {
    const at = HEADER_BYTES + section * SECTION_BYTES;
    const [count, room] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    const degree = view.getUint16(at + 40, true);
    if (degree > 3 || count > room) throw new SceneError('damaged', 'a section of a KSPLAT');
    const size = plain + harmonics[degree] * each;
    const buckets = view.getUint32(at + 12, true);
    const bucketBytes = view.getUint16(at + 20, true);
    const partialBuckets = view.getUint32(at + 36, true);
    sum += room * size + bucketBytes * buckets + partialBuckets * 4;
  }
  return sum;
}
