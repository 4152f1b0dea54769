import { SceneError } from '../errors.js';

/** File extensions and media subtypes. */
const NAMES = {
  gltf: ['gltf', 'glb', 'gltf+json', 'gltf-binary'],
  obj: ['obj'],
  ply: ['ply'],
  stl: ['stl', 'x.stl-binary', 'x.stl-ascii'],
  splat: ['splat'],
  ksplat: ['ksplat'],
  spz: ['spz'],
  sog: ['sog'],
};

/** What files begin with, of the formats that say so. */
const MAGIC = [
  ['gltf', 'glTF'],
  ['ply', 'ply\n'],
  ['ply', 'ply\r'],
  ['spz', '\x1f\x8b'],
  ['sog', 'PK\x03\x04'],
];

/**
 * The format of a file: by its first bytes, or else by what its name says.
 *
 * @param {ArrayBuffer} bytes
 * @param {string} name file extension or media subtype, in lower case
 * @returns {'gltf' | 'obj' | 'ply' | 'stl' | 'splat' | 'ksplat' | 'spz' | 'sog'}
 * @throws {SceneError} `format`
 */
export function formatOf(bytes, name) {
  const start = String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength)));
  const byMagic = MAGIC.find(([, magic]) => start.startsWith(magic));
  if (byMagic) return byMagic[0];
  const byName = Object.keys(NAMES).find((format) => NAMES[format].includes(name));
  if (byName) return byName;
  // A .gltf is JSON, an .stl of text says so.
  if (/^\s*\{/.test(start)) return 'gltf';
  if (start === 'soli') return 'stl';
  throw new SceneError('format');
}
