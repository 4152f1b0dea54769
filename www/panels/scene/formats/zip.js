import { SceneError } from '../errors.js';
import { checkLength } from './limits.js';

const END_MAGIC = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ENTRY_MAGIC = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const [STORED, DEFLATED] = [0, 8];

/**
 * The files in a zip; see section 4.3 of PKWARE's APPNOTE.
 *
 * @param {ArrayBuffer} bytes
 * @returns {{name: string, method: number, packed: number, unpacked: number, at: number}[]} sizes in bytes
 */
export function listZip(bytes) {
  const view = new DataView(bytes);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const files = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    checkLength(view.byteLength, at + ENTRY_BYTES);
    if (view.getUint32(at, true) !== ENTRY_MAGIC) throw new SceneError('damaged', 'the list of files of a zip');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    checkLength(view.byteLength, at + ENTRY_BYTES + nameBytes);
    files.push({
      name: new TextDecoder().decode(new Uint8Array(bytes, at + ENTRY_BYTES, nameBytes)),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
  }
  return files;
}

/** The list of files is at the end, so that a zip that was cut off has none. */
function findEnd(view) {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END_MAGIC) return at;
  }
  throw new SceneError('truncated', 'a zip without its end');
}

/**
 * Unpacks one file.
 *
 * @param {ArrayBuffer} bytes
 * @param {{method: number, packed: number, at: number}} file
 * @param {number} limit bytes, more than which it must not have
 * @returns {Promise<Uint8Array>}
 */
export async function unzip(bytes, file, limit) {
  checkLength(bytes.byteLength, file.at + LOCAL_BYTES);
  const local = new DataView(bytes, file.at, LOCAL_BYTES);
  const start = file.at + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  checkLength(bytes.byteLength, start + file.packed);
  const packed = new Uint8Array(bytes, start, file.packed);
  if (file.method === STORED) return packed;
  if (file.method !== DEFLATED) throw new SceneError('unsupported', `method ${file.method} of a zip`);
  if (file.unpacked > limit) throw new SceneError('large', 'a file in a zip');
  const chunks = [];
  let length = 0;
  for await (const chunk of new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))) {
    length += chunk.length;
    if (length > file.unpacked) throw new SceneError('damaged', 'a file in a zip holds more than it says');
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
