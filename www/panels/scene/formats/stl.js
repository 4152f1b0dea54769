import { BufferAttribute, BufferGeometry } from 'three';
import { SceneError } from '../errors.js';
import { checkLength } from './limits.js';
import { checkGeometry, toMesh } from './mesh.js';

const HEADER_BYTES = 84;
const TRIANGLE_BYTES = 50;

/**
 * Reads an STL, binary or of text. Each triangle is flat; what a writer put into the two spare bytes of a triangle is not read.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  const positions = isText(bytes) ? readText(new TextDecoder().decode(bytes)) : readBinary(bytes);
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  checkGeometry(geometry);
  return { model: toMesh(geometry) };
}

/** Many a binary STL begins with `solid` too; then it has the size that its number of triangles asks for. */
function isText(bytes) {
  const start = new TextDecoder('latin1').decode(bytes.slice(0, 512)).trimStart();
  if (!start.startsWith('solid')) return false;
  if (bytes.byteLength < HEADER_BYTES) return true;
  const count = new DataView(bytes).getUint32(80, true);
  return bytes.byteLength !== HEADER_BYTES + count * TRIANGLE_BYTES && !start.includes('\0');
}

/** The corners of all triangles. The normals follow from them, and are often wrong in the file. */
function readBinary(bytes) {
  checkLength(bytes.byteLength, HEADER_BYTES);
  const view = new DataView(bytes);
  const count = view.getUint32(80, true);
  checkLength(bytes.byteLength, HEADER_BYTES + count * TRIANGLE_BYTES);
  const positions = new Float32Array(count * 9);
  for (let triangle = 0; triangle < count; triangle++) {
    const corners = HEADER_BYTES + triangle * TRIANGLE_BYTES + 12;
    for (let i = 0; i < 9; i++) positions[triangle * 9 + i] = view.getFloat32(corners + i * 4, true);
  }
  return positions;
}

function readText(text) {
  if (!/endsolid[^\n]*\s*$/.test(text.slice(-512))) throw new SceneError('truncated', 'an STL of text ends with endsolid');
  const positions = [];
  let inFacet = 0;
  for (const line of text.split('\n')) {
    const [word, x, y, z] = line.trim().split(/\s+/, 4);
    if (word === 'vertex') {
      positions.push(Number(x), Number(y), Number(z));
      inFacet++;
    } else if (word === 'endfacet') {
      if (inFacet !== 3) throw new SceneError('damaged', 'a facet of an STL has three vertices');
      inFacet = 0;
    }
  }
  if (inFacet !== 0) throw new SceneError('damaged', 'a facet of an STL does not end');
  return new Float32Array(positions);
}
