/**
 * How much a model is made of, in words, a line each.
 *
 * @param {import('./load.js').Loaded} loaded
 * @param {import('../panels.js').Frame['t']} t
 */
export function countsOf({ model, splats }, t) {
  if (splats) return t('1 splat|{0} splats', splats.count);
  let [vertices, triangles, points] = [0, 0, 0];
  model.traverse((object) => {
    const geometry = object.geometry;
    if (!geometry?.attributes.position) return;
    const copies = object.isInstancedMesh ? object.count : 1;
    const corners = (geometry.index ?? geometry.attributes.position).count;
    if (object.isPoints) points += corners * copies;
    else vertices += geometry.attributes.position.count * copies;
    if (object.isMesh) triangles += Math.floor(corners / 3) * copies;
  });
  const parts = [];
  if (vertices > 0) parts.push(t('1 vertex|{0} vertices', vertices), t('1 triangle|{0} triangles', triangles));
  if (points > 0) parts.push(t('1 point|{0} points', points));
  return parts.join('\n');
}
