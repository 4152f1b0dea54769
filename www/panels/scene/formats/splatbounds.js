import { Sphere } from 'three';
import { SceneError } from '../errors.js';

/** What is fainter does not show where the object is. */
const MIN_OPACITY = 0.1;
/** Of all splats, that share may be nowhere; training goes astray now and then. */
const MAX_LOST = 0.02;
/** Of all splats, that many are inside: the rest are floaters, which would make the object small. */
const INSIDE = 0.98;

/**
 * The sphere around splats that is proof against floaters. Its centre is the middle between the 1st and the 99th percentile
 * of the splats' centres along each axis; within its radius are 98 % of the splats, as far as twice their standard deviation.
 * Splats that are all but transparent do not count.
 *
 * @param {import('@sparkjsdev/spark').SplatMesh} mesh
 * @param {number} count
 * @returns {Sphere}
 * @throws {SceneError} `damaged`
 */
export function splatSphere(mesh, count) {
  const axes = [0, 1, 2].map(() => new Float32Array(count));
  const sizes = new Float32Array(count);
  let kept = 0;
  let lost = 0;
  const keep = (least) => {
    mesh.forEachSplat((_, { x, y, z }, scales, rotation, opacity) => {
      const isSomewhere = Number.isFinite(x + y + z);
      if (!isSomewhere) lost++;
      if (opacity < least || !isSomewhere) return;
      [axes[0][kept], axes[1][kept], axes[2][kept]] = [x, y, z];
      sizes[kept++] = 2 * Math.max(scales.x, scales.y, scales.z);
    });
  };
  keep(MIN_OPACITY);
  if (lost > MAX_LOST * count) throw new SceneError('damaged', `${lost} of ${count} splats are nowhere`);
  if (kept === 0) keep(0);
  const sphere = new Sphere();
  if (kept === 0) return sphere;

  const outside = (1 - INSIDE) / 2;
  sphere.center.fromArray(
    axes.map((values) => {
      const sorted = values.slice(0, kept).sort();
      return (at(sorted, outside) + at(sorted, 1 - outside)) / 2;
    }),
  );
  const { x, y, z } = sphere.center;
  const reaches = new Float32Array(kept);
  for (let i = 0; i < kept; i++) reaches[i] = Math.hypot(axes[0][i] - x, axes[1][i] - y, axes[2][i] - z) + sizes[i];
  sphere.radius = at(reaches.sort(), INSIDE);
  return sphere;
}

function at(sorted, fraction) {
  return sorted[Math.round(fraction * (sorted.length - 1))];
}
