import { SparkRenderer, SplatMesh } from '@sparkjsdev/spark';
import { Vector4 } from 'three';
import { SceneError } from '../errors.js';
import { splatSphere } from './splatbounds.js';

/**
 * What a scene of Gaussian splats needs more than a mesh does.
 *
 * @typedef {object} Splats
 * @property {number} count
 * @property {import('three').Sphere} sphere around what is to be seen
 * @property {(renderer: import('three').WebGLRenderer, changed: () => void) => Sorter} sorter
 */

/**
 * Reads splats, in a worker.
 *
 * @param {ArrayBuffer} bytes which were checked to hold so many splats
 * @param {'ply' | 'splat' | 'ksplat' | 'spz' | 'pcsogszip'} fileType
 * @param {number} expected how many there are
 * @returns {Promise<import('../load.js').Loaded>}
 */
export async function readSplats(bytes, fileType, expected) {
  const mesh = new SplatMesh({ fileBytes: new Uint8Array(bytes), fileType, editable: false, raycastable: false });
  try {
    await mesh.initialized;
    const count = mesh.packedSplats.numSplats;
    if (count !== expected) throw new SceneError('damaged', `${count} splats instead of ${expected}`);
    const sphere = splatSphere(mesh, count);
    return { model: mesh, splats: { count, sphere, sorter: (renderer, changed) => new Sorter(renderer, changed) } };
  } catch (error) {
    mesh.dispose();
    throw error;
  }
}

/**
 * Draws the splats of the scene that it is added to, and sorts them from far to near for the scene's one camera, in a
 * worker of its own: `changed` tells that the next picture will be another.
 */
class Sorter extends SparkRenderer {
  #done = false;
  #viewport = new Vector4();

  constructor(renderer, changed) {
    super({ renderer, enableLod: false, onDirty: () => (this.#done ? this.#free() : changed()) });
  }

  /** Whether splats have been sorted, and so can be seen. */
  get ready() {
    return this.activeSplats > 0;
  }

  onBeforeRender(renderer, scene, camera) {
    super.onBeforeRender(renderer, scene, camera);
    // The picture is a part of the buffer, which is what Spark takes for its size.
    const { z: width, w: height } = renderer.getCurrentViewport(this.#viewport);
    this.uniforms.renderSize.value.set(width, height);
  }

  /** Frees everything, once what is being sorted no longer needs it. */
  dispose() {
    this.#done = true;
    this.sortDirty = false;
    this.dirty = false;
    if (!this.sorting) this.#free();
  }

  #free() {
    super.dispose();
    this.geometry.dispose();
    this.material.dispose();
  }
}
