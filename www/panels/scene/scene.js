import { SceneStage } from './stage.js';

export { diagnostics } from './renderer.js';

export const styles = new URL('./scene.css', import.meta.url);

/** @param {import('../panels.js').Frame} frame @returns {import('../panels.js').Stage} */
export function open(frame) {
  return new SceneStage(frame);
}
