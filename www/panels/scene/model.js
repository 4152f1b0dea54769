import { Group } from 'three';
import { boundingSphere } from './bounds.js';
import { SceneError } from './errors.js';
import { materialsOf } from './free.js';

/**
 * Prepares a model for viewing: fills the unit sphere around the origin, and is lit by the
 * viewer's light alone, so that all options of a trial are seen alike.
 *
 * @param {import('./load.js').Loaded} loaded
 * @param {import('./playback.js').Playback} playback
 * @returns {Group} the model, moved and scaled
 * @throws {SceneError} `empty`
 */
export function stageModel({ model, splats }, playback) {
  const lights = [];
  model.traverse((object) => object.isLight && lights.push(object));
  for (const light of lights) light.removeFromParent();

  const { center, radius } = splats?.sphere ?? boundingSphere(model, playback);
  if (!(radius > 0 && Number.isFinite(radius))) throw new SceneError('empty');
  const scale = 1 / radius;

  const materials = new Set();
  model.traverse((object) => {
    // The whole model is always in the picture, and its sphere is that of one pose only.
    object.frustumCulled = false;
    for (const material of materialsOf(object)) materials.add(material);
  });
  for (const material of materials) {
    // The colours of an unlit material are final.
    if (material.isMeshBasicMaterial) material.toneMapped = false;
    // Thickness follows the scale of the model by itself, this distance does not.
    if (material.attenuationDistance) material.attenuationDistance *= scale;
  }

  const stage = new Group();
  stage.add(model);
  stage.scale.setScalar(scale);
  stage.position.copy(center).multiplyScalar(-scale);
  return stage;
}
