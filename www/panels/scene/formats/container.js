import { SceneError } from '../errors.js';

const MAGIC = 0x46546c67;
const CHUNK_JSON = 0x4e4f534a;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** What is read of it is bounded too, and takes less. */
const MAX_JSON_BYTES = 64 << 20;

/**
 * Reads the JSON of a GLB or a .gltf file.
 *
 * @param {ArrayBuffer} bytes
 * @returns {{json: object, binary: boolean}} `binary` is true for GLB.
 * @throws {SceneError} `not-gltf`, `gltf-version`, `truncated`, `large` or `damaged`
 */
export function readContainer(bytes) {
  const view = new DataView(bytes);
  const binary = bytes.byteLength >= 4 && view.getUint32(0, true) === MAGIC;
  const json = parse(binary ? jsonChunk(view) : new Uint8Array(bytes), binary);
  const version = json?.asset?.version;
  if (typeof version !== 'string') throw new SceneError('not-gltf', 'no asset.version');
  if (version.startsWith('1.')) throw new SceneError('gltf-version', version);
  return { json, binary };
}

/** Specification: glTF 2.0, section 4.4, "Binary glTF Layout". */
function jsonChunk(view) {
  const content = HEADER_BYTES + CHUNK_HEADER_BYTES;
  if (view.byteLength < content) throw new SceneError('truncated');
  const version = view.getUint32(4, true);
  if (version === 1) throw new SceneError('gltf-version', 'GLB 1');
  if (view.getUint32(8, true) > view.byteLength) throw new SceneError('truncated');
  const length = view.getUint32(12, true);
  if (length > MAX_JSON_BYTES) throw new SceneError('large', `${length} bytes of JSON`);
  if (view.getUint32(16, true) !== CHUNK_JSON || content + length > view.byteLength) {
    throw new SceneError('damaged', 'the first chunk is not JSON');
  }
  return new Uint8Array(view.buffer, content, length);
}

function parse(bytes, binary) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new SceneError(binary ? 'damaged' : 'not-gltf', 'the JSON cannot be parsed', cause);
  }
}
