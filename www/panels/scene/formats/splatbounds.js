import { Sphere } from 'three';

/** What is fainter does not show where the object is. */
const MIN_OPACITY = 0.1;
/** Of all splats, that many are inside: the rest are floaters, which would make the object small. */
const INSIDE = 0.98;

/**
 * The sphere around splats that is proof against floaters. Its centre is the middle between the 1st and the 99th percentile
 * of the splats' centres along each axis; within its radius are 98 % of them. Splats that are all but transparent do not count.
 *
 * @param {import('@sparkjsdev/spark').SplatMesh} mesh
 * @param {number} count
 * @returns {Sphere}
 */
export function splatSphere(mesh, count) {
  const axes = [0, 1, 2].map(() => new Float32Array(count));
  let kept = 0;
  let widest = 0;
  const keep = (least) => {
    kept = 0;
    mesh.forEachSplat((_, { x, y, z }, scales, rotation, opacity) => {
      if (opacity < least || !Number.isFinite(x + y + z)) return;
      [axes[0][kept], axes[1][kept], axes[2][kept]] = [x, y, z];
      kept++;
      if (kept === 1) widest = Math.max(scales.x, scales.y, scales.z);
    });
  };
  keep(MIN_OPACITY);
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
  const distances = new Float32Array(kept);
  for (let i = 0; i < kept; i++) {
    distances[i] = Math.hypot(axes[0][i] - sphere.center.x, axes[1][i] - sphere.center.y, axes[2][i] - sphere.center.z);
  }
  // A single splat is as large as it is.
  sphere.radius = at(distances.sort(), INSIDE) || widest;
  return sphere;
}

function at(sorted, fraction) {
  return sorted[Math.round(fraction * (sorted.length - 1))];
}
