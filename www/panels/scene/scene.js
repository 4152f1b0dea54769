import { loadModel } from './load.js';
import { SceneView } from './view.js';

/** @param {import('../panels.js').Frame} frame @returns {import('../panels.js').Stage} */
export function open() {
  return {
    keys: [],
    press: () => false,
    close() {},
    async show(host, medium) {
      const view = new SceneView(host, await loadModel(await medium.blob.arrayBuffer()), { label: medium.label });
      view.onError = (error) => medium.fail(error.message);
      view.onInteract = () => medium.report('turned');
      return { remove: () => view.dispose() };
    },
  };
}
