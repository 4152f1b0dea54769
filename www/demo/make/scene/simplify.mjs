import { MeshoptSimplifier } from 'meshoptimizer';

/** Keeps about this share of the triangles. */
export async function simplify(mesh, share) {
  if (share >= 1) return mesh;
  await MeshoptSimplifier.ready;
  const goal = Math.max(4, Math.round((mesh.indices.length / 3) * share)) * 3;
  const [indices] = MeshoptSimplifier.simplify(new Uint32Array(mesh.indices), new Float32Array(mesh.positions), 3, goal, 1, ['Prune']);
  const to = new Map();
  const out = { positions: [], colours: [], indices: [] };
  for (const i of indices) {
    if (!to.has(i)) {
      to.set(i, to.size);
      out.positions.push(...mesh.positions.slice(i * 3, i * 3 + 3));
      out.colours.push(...mesh.colours.slice(i * 3, i * 3 + 3));
    }
    out.indices.push(to.get(i));
  }
  return out;
}
