/**
 * How much a model is made of, in words, a line each.
 *
 * @param {import('./load.js').Loaded} loaded
 */
export function countsOf({ model, splats }) {
  if (splats) return amount(splats.count, 'splat');
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
  if (vertices > 0) parts.push(amount(vertices, 'vertex', 'vertices'), amount(triangles, 'triangle'));
  if (points > 0) parts.push(amount(points, 'point'));
  return parts.join('\n');
}

function amount(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
