import { BufferAttribute, BufferGeometry, Color, SRGBColorSpace } from 'three';
import { SceneError } from '../errors.js';

/** What reads a number of a type, and what a colour of that type is divided by. */
const TYPES = {
  char: ['Int8', 127],
  uchar: ['Uint8', 255],
  short: ['Int16', 32767],
  ushort: ['Uint16', 65535],
  int: ['Int32', 2147483647],
  uint: ['Uint32', 4294967295],
  float: ['Float32', 1],
  double: ['Float64', 1],
};
const ALIASES = { int8: 'char', uint8: 'uchar', int16: 'short', uint16: 'ushort', int32: 'int', uint32: 'uint', float32: 'float', float64: 'double' };

/** The type by its first name, and its size in bytes. @throws {SceneError} `damaged` if there is none such */
export function typeOf(name) {
  const type = ALIASES[name] ?? name;
  if (!Object.hasOwn(TYPES, type ?? '')) throw new SceneError('damaged', 'a PLY with a type that there is not');
  return { type, size: Number(/\d+$/.exec(TYPES[type][0])[0]) / 8 };
}

const PLACES = ['x', 'y', 'z'];
const NORMALS = ['nx', 'ny', 'nz'];
const COLOURS = ['red', 'green', 'blue'];
const CORNERS = ['vertex_indices', 'vertex_index'];

/**
 * The vertices of a PLY, with their normals and colours, and its faces, cut into triangles.
 *
 * @param {ArrayBuffer} bytes
 * @param {{format: string, elements: object[], length: number}} header
 */
export function readBody(bytes, { format, elements, length }) {
  const next = format === 'ascii' ? numbersOfText(bytes, length) : numbersOf(bytes, length, format === 'binary_little_endian');
  const vertex = elements.find(({ name }) => name === 'vertex');
  const columns = new Map(vertex.properties.map(({ name }) => [name, new Float32Array(vertex.count)]));
  const index = [];
  for (const element of elements) {
    for (let row = 0; row < element.count; row++) {
      for (const { name, type, items } of element.properties) {
        if (items) {
          const corners = list(next, type, items);
          if (element.name === 'face' && CORNERS.includes(name)) fan(corners, index);
        } else {
          const value = next(type);
          if (element === vertex) columns.get(name)[row] = value;
        }
      }
    }
  }
  const geometry = new BufferGeometry();
  const join = (names) => names.every((name) => columns.has(name)) && joined(names.map((name) => columns.get(name)));
  const [places, normals, colours] = [PLACES, NORMALS, COLOURS].map(join);
  if (places) geometry.setAttribute('position', new BufferAttribute(places, 3));
  if (normals) geometry.setAttribute('normal', new BufferAttribute(normals, 3));
  if (colours) {
    const { type } = vertex.properties.find(({ name }) => name === COLOURS[0]);
    geometry.setAttribute('color', new BufferAttribute(linear(colours, TYPES[type][1]), 3));
  }
  if (index.length > 0) geometry.setIndex(index);
  return geometry;
}

function list(next, type, items) {
  const corners = [];
  for (let left = next(type); left > 0; left--) corners.push(next(items));
  return corners;
}

function fan(corners, index) {
  for (let i = 2; i < corners.length; i++) index.push(corners[0], corners[i - 1], corners[i]);
}

function joined(columns) {
  const all = new Float32Array(columns[0].length * columns.length);
  columns.forEach((column, axis) => column.forEach((value, row) => (all[row * columns.length + axis] = value)));
  return all;
}

/** Colours are sRGB in files, and linear in a shader. */
function linear(colours, full) {
  const colour = new Color();
  for (let i = 0; i < colours.length; i += 3) {
    colour.setRGB(colours[i] / full, colours[i + 1] / full, colours[i + 2] / full, SRGBColorSpace).toArray(colours, i);
  }
  return colours;
}

function numbersOf(bytes, start, little) {
  const view = new DataView(bytes);
  const readers = new Map(Object.entries(TYPES).map(([type, [name]]) => [type, { get: `get${name}`, size: typeOf(type).size }]));
  let at = start;
  return (type) => {
    const { get, size } = readers.get(type);
    if (at + size > view.byteLength) throw new SceneError('truncated', 'the body of a PLY');
    const value = view[get](at, little);
    at += size;
    return value;
  };
}

function numbersOfText(bytes, start) {
  const text = new TextDecoder('latin1').decode(bytes.slice(start));
  const words = /\S+/g;
  return () => {
    const word = words.exec(text);
    if (!word) throw new SceneError('truncated', 'the body of a PLY');
    const value = Number(word[0]);
    if (Number.isNaN(value)) throw new SceneError('damaged', 'a word in a PLY that is no number');
    return value;
  };
}
