import { OBJLoader } from 'three/addons/loaders/OBJLoader.js';
import { SceneError } from '../errors.js';
import { freeModel } from '../free.js';
import { MAX_PARTS, checkCount } from './limits.js';
import { checkGeometry, surface, toPoints } from './mesh.js';

/** What an OBJ may hold of what is not text. */
const NOT_TEXT = /[\0-\x08\x0e-\x1f]/;

/**
 * Reads an OBJ. Its materials are in another file (`mtllib`), which is not read: the surface is grey, or has the
 * colours of the vertices.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function read(bytes) {
  const text = new TextDecoder().decode(bytes);
  if (NOT_TEXT.test(text)) throw new SceneError('damaged', 'an OBJ is text');
  checkLines(text);
  const model = new OBJLoader().parse(text);
  let seen = 0;
  const replaced = [];
  try {
    model.traverse((object) => {
      if (!object.geometry) return;
      checkGeometry(object.geometry);
      seen++;
      if (object.isMesh) replaced.push(object);
    });
    if (seen === 0) throw new SceneError('empty');
  } catch (error) {
    freeModel(model);
    throw error;
  }
  for (const mesh of replaced) {
    for (const material of [mesh.material].flat()) material.dispose();
    mesh.material = surface(mesh.geometry);
    mesh.geometry.clearGroups();
  }
  return { model: pointsOnly(model) };
}

/** Where there are neither faces nor lines, the vertices are the picture. */
function pointsOnly(model) {
  const [first] = model.children;
  if (model.children.length !== 1 || !first.isPoints) return model;
  first.material.dispose();
  return toPoints(first.geometry);
}

/** What lines of an OBJ begin with. */
const WORDS = new Set(
  (
    'v vn vt vp f l p o g s mtllib usemtl call csh cstype deg bmat step curv curv2 surf parm trim hole scrv sp end con mg ' +
    'bevel c_interp d_interp lod maplib usemap shadow_obj trace_obj ctech stech'
  ).split(' '),
);
/** Words that begin something which is drawn on its own. */
const PARTS = new Set(['o', 'g']);
/** `f 1/2/3 4//6 7`, where numbers may be negative. */
const FACE = /^f(\s+-?\d+(\/-?\d*){0,2})+$/;

/** A line that says nothing known, a vertex with less than three numbers or a face of no numbers is what is left of a damaged file. Too many parts are refused. */
function checkLines(text) {
  let start = 0;
  let parts = 0;
  let continued = false;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end).trim();
    start = end + 1;
    const plain = !continued;
    continued = line.endsWith('\\');
    if (!plain || line === '' || line.startsWith('#')) continue;
    const [word] = /^\S+/.exec(line);
    if (PARTS.has(word)) checkCount(++parts, MAX_PARTS, 'parts');
    if (!WORDS.has(word)) throw new SceneError('damaged', 'a line of an OBJ that says nothing known');
    if (!continued && /^v\s/.test(line) && line.split(/\s+/, 4).length < 4) throw new SceneError('truncated', 'a vertex of an OBJ lacks numbers');
    if (!continued && /^f\s/.test(line) && !FACE.test(line)) throw new SceneError('damaged', 'a face of an OBJ is not one');
  }
}
