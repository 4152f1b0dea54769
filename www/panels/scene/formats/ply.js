import { PLYLoader } from 'three/addons/loaders/PLYLoader.js';
import { SceneError } from '../errors.js';
import { checkLength, checkSplats } from './limits.js';
import { checkGeometry, toMesh, toPoints } from './mesh.js';

const SIZES = {
  char: 1, uchar: 1, int8: 1, uint8: 1, short: 2, ushort: 2, int16: 2, uint16: 2, int: 4, uint: 4, int32: 4, uint32: 4,
  float: 4, float32: 4, double: 8, float64: 8,
};
const MAX_HEADER_BYTES = 1 << 16;

/**
 * Reads a PLY: Gaussian splats where it has their properties, a mesh where it has faces, or else points.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  const { format, elements, length } = readHeader(bytes);
  const vertex = elements.find(({ name }) => name === 'vertex');
  if (!vertex) throw new SceneError('empty', 'a PLY without vertices');
  checkBody(format, elements, bytes.byteLength - length);
  const has = (name) => vertex.properties.some((property) => property.name === name);

  // The properties of the 3D Gaussian splatting of Kerbl et al. (2023), or packed as PlayCanvas does.
  if ((has('f_dc_0') && has('opacity') && has('rot_0')) || has('packed_position')) {
    if (format === 'ascii') throw new SceneError('unsupported', 'splats as text');
    checkSplats(vertex.count);
    const { readSplats } = await import('./splats.js');
    return readSplats(bytes, 'ply', vertex.count);
  }

  const geometry = new PLYLoader().parse(bytes);
  checkGeometry(geometry);
  const faces = elements.some(({ name, count }) => (name === 'face' || name === 'tristrips') && count > 0);
  if (geometry.getAttribute('position').count < vertex.count && !faces) throw new SceneError('truncated');
  if (faces && !geometry.getIndex() && geometry.getAttribute('position').count < 3) throw new SceneError('damaged', 'a PLY without its faces');
  return { model: faces ? toMesh(geometry) : toPoints(geometry) };
}

/** What the header says of the elements, and how many bytes it takes. */
function readHeader(bytes) {
  const text = new TextDecoder('latin1').decode(bytes.slice(0, MAX_HEADER_BYTES));
  const end = /\nend_header\r?\n|\rend_header\r(?!\n)/.exec(text);
  if (!end) throw new SceneError('truncated', 'the header of a PLY does not end');
  const elements = [];
  let format;
  for (const line of text.slice(0, end.index).split(/\r\n|\r|\n/)) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'format') [format] = rest;
    else if (word === 'element') elements.push({ name: rest[0], count: Number(rest[1]), properties: [] });
    else if (word === 'property') elements.at(-1)?.properties.push(property(rest));
  }
  if (!['ascii', 'binary_little_endian', 'binary_big_endian'].includes(format)) throw new SceneError('damaged', 'a PLY without a format');
  if (elements.some(({ count }) => !Number.isSafeInteger(count) || count < 0)) throw new SceneError('damaged', 'a PLY without counts');
  return { format, elements, length: end.index + end[0].length };
}

/** Name and least size of a property. */
function property([type, ...rest]) {
  const size = SIZES[type === 'list' ? rest[0] : type];
  if (!size) throw new SceneError('damaged', 'a PLY with a type that there is not');
  return { name: rest.at(-1), size };
}

/** Refuses counts that the file has no room for: readers take them for true. */
function checkBody(format, elements, length) {
  for (const { count, properties } of elements) {
    // As text, a number is at least a digit and what parts it from the next; the last of all may go without.
    const size = properties.reduce((sum, { size }) => sum + (format === 'ascii' ? 2 : size), 0);
    checkLength(length + (format === 'ascii' ? 1 : 0), count * size);
    if (count > 0 && size === 0) throw new SceneError('damaged', 'a PLY with elements of nothing');
  }
  const least = elements.reduce((sum, { count, properties }) => sum + count * properties.reduce((all, { size }) => all + size, 0), 0);
  if (format !== 'ascii') checkLength(length, least);
}
