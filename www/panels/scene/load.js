import { SceneError, damaged } from './errors.js';
import { freeModel } from './free.js';
import { formatOf } from './formats/sniff.js';

/** Decoders run in workers; one that does not end must not leave the panel waiting for ever. */
const LIMIT_MS = 120_000;

/** What reads a format; each exports `read(bytes, {format, renderer})`, and is loaded when a file needs it. */
const READERS = {
  gltf: () => import('./formats/gltf.js'),
  obj: () => import('./formats/obj.js'),
  ply: () => import('./formats/ply.js'),
  stl: () => import('./formats/stl.js'),
  splat: () => import('./formats/splat.js'),
  ksplat: () => import('./formats/ksplat.js'),
  spz: () => import('./formats/spz.js'),
  sog: () => import('./formats/sog.js'),
};

/**
 * What a file holds.
 *
 * @typedef {object} Loaded
 * @property {import('three').Object3D} model
 * @property {import('three').AnimationClip} [clip] the first animation
 * @property {import('./formats/splats.js').Splats} [splats] if `model` is made of Gaussian splats
 */

/**
 * Reads a self-contained file; makes no network request but for the viewer's own parts.
 *
 * @param {ArrayBuffer} bytes
 * @param {string} format what its name says, see `Medium.format`
 * @param {import('./renderer.js').SharedRenderer} renderer which is asked for the texture formats that it understands
 * @returns {Promise<Loaded>}
 * @throws {SceneError}
 */
export async function loadScene(bytes, format, renderer) {
  const known = formatOf(bytes, format);
  const read = await reader(known);
  try {
    return await within(LIMIT_MS, read(bytes, { format: known, renderer }));
  } catch (error) {
    throw damaged(error);
  }
}

async function reader(format) {
  try {
    return (await READERS[format]()).read;
  } catch (cause) {
    throw new SceneError('viewer', String(cause), cause);
  }
}

async function within(limit, promise) {
  let timer;
  let late = false;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new SceneError('slow'));
    }, limit);
  });
  promise.then(({ model }) => late && freeModel(model), () => {});
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
