import { SceneError } from '../errors.js';
import { checkLength, checkSplats } from './limits.js';
import { checkGeometry, toMesh, toPoints } from './mesh.js';
import { readBody, typeOf } from './plybody.js';

const MAX_HEADER_BYTES = 1 << 16;

/**
 * Reads a PLY: Gaussian splats where it has their properties, a mesh where it has faces, or else points.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  const header = readHeader(bytes);
  const vertex = header.elements.find(({ name }) => name === 'vertex');
  if (!vertex) throw new SceneError('empty', 'a PLY without vertices');
  checkBody(header, bytes.byteLength);
  const has = (name) => vertex.properties.some((property) => property.name === name);

  // The properties of the 3D Gaussian splatting of Kerbl et al. (2023), or packed as PlayCanvas does.
  if ((has('f_dc_0') && has('opacity') && has('rot_0')) || has('packed_position')) {
    if (header.format === 'ascii') throw new SceneError('unsupported', 'splats as text');
    checkSplats(vertex.count);
    const { readSplats } = await import('./splats.js');
    return readSplats(bytes, 'ply', vertex.count);
  }

  const geometry = readBody(bytes, header);
  checkGeometry(geometry);
  return { model: geometry.getIndex() ? toMesh(geometry) : toPoints(geometry) };
}

/**
 * What the header says: `type` of a property is that of its numbers or, where it is a list of `items`, of its length.
 *
 * @returns {{format: string, length: number, elements: {name: string, count: number,
 *   properties: {name: string, type: string, size: number, items?: string}[]}[]}} lengths and sizes in bytes
 */
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

function property([first, ...rest]) {
  const name = rest.at(-1);
  if (first !== 'list') return { name, ...typeOf(first) };
  return { name, ...typeOf(rest[0]), items: typeOf(rest[1]).type };
}

/** Refuses counts that the file has no room for, before they are taken for true. */
function checkBody({ format, elements, length }, fileBytes) {
  let least = 0;
  for (const { count, properties } of elements) {
    if (count > 0 && properties.length === 0) throw new SceneError('damaged', 'a PLY with elements of nothing');
    // As text, a number is at least a digit and what parts it from the next. A list may be empty.
    const size = properties.reduce((sum, { size }) => sum + (format === 'ascii' ? 2 : size), 0);
    least += count * size;
  }
  // The last number of a text needs no space behind it.
  checkLength(fileBytes - length + (format === 'ascii' ? 1 : 0), least);
}
