import { SceneError } from './errors.js';
import { loadModel } from './load.js';
import { SceneView } from './view.js';

/**
 * Shows a 3D model in a panel. Makes no network request and adds no style element, so that it works
 * under the page policy `script-src 'self' 'wasm-unsafe-eval'; img-src blob:`.
 *
 * @param {HTMLElement} host filled by the view; made `position: relative` if it is static
 * @param {ArrayBuffer} bytes a GLB or a self-contained .gltf
 * @param {object} options
 * @param {string} options.label name of the view for screen readers, without a full stop
 * @param {string} [options.help] how to use the keys, in the language of the page; default English
 * @returns {Promise<SceneView>} to be ended with `dispose()`, also if the host is gone by then
 * @throws {SceneError} with a `message` for the rater and a stable `code`
 */
export async function mountScene(host, bytes, options) {
  return new SceneView(host, await loadModel(bytes), options);
}

export { SceneError };
