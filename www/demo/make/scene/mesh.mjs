import { cross3, norm3 } from '../num.mjs';

/**
 * A mesh is { positions, colours, indices }: triples of floats, linear light from 0 to 1, and triangles.
 * Points that meet are one point, so that a simplified surface does not tear.
 */
export function grid(nu, nv, wrapU, wrapV, at) {
  const columns = wrapU ? nu : nu + 1;
  const rows = wrapV ? nv : nv + 1;
  const positions = [];
  const colours = [];
  const indices = [];
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const { position, colour } = at(i / nu, j / nv);
      positions.push(...position);
      colours.push(...colour);
    }
  }
  for (let j = 0; j < nv; j++) {
    for (let i = 0; i < nu; i++) {
      const a = j * columns + i;
      const b = j * columns + ((i + 1) % columns);
      const c = ((j + 1) % rows) * columns + i;
      const d = ((j + 1) % rows) * columns + ((i + 1) % columns);
      indices.push(a, b, d, a, d, c);
    }
  }
  return outward(weld({ positions, colours, indices }));
}

/** Turns the triangles over where they face inwards, which a negative volume tells. */
function outward(mesh) {
  const { positions: p, indices } = mesh;
  let volume = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [indices[t] * 3, indices[t + 1] * 3, indices[t + 2] * 3];
    volume += p[a] * (p[b + 1] * p[c + 2] - p[b + 2] * p[c + 1]);
    volume += p[a + 1] * (p[b + 2] * p[c] - p[b] * p[c + 2]);
    volume += p[a + 2] * (p[b] * p[c + 1] - p[b + 1] * p[c]);
  }
  if (volume < 0) indices.reverse();
  return mesh;
}

/** Makes points at one place one point, and drops triangles that have no area. */
export function weld({ positions, colours, indices }) {
  const seen = new Map();
  const out = { positions: [], colours: [], indices: [] };
  const to = [];
  for (let i = 0; i < positions.length / 3; i++) {
    const p = positions.slice(i * 3, i * 3 + 3);
    const key = p.map((x) => Math.round(x * 1e5)).join();
    if (!seen.has(key)) {
      seen.set(key, seen.size);
      out.positions.push(...p);
      out.colours.push(...colours.slice(i * 3, i * 3 + 3));
    }
    to.push(seen.get(key));
  }
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [to[indices[i]], to[indices[i + 1]], to[indices[i + 2]]];
    if (a !== b && b !== c && a !== c) out.indices.push(a, b, c);
  }
  return out;
}

export function join(meshes) {
  const out = { positions: [], colours: [], indices: [] };
  for (const mesh of meshes) {
    const base = out.positions.length / 3;
    for (const x of mesh.positions) out.positions.push(x);
    for (const x of mesh.colours) out.colours.push(x);
    for (const i of mesh.indices) out.indices.push(base + i);
  }
  return out;
}

/** Mean of the faces around each point, large faces first. */
export function normals({ positions, indices }) {
  const out = new Float64Array(positions.length);
  const at = (i) => [positions[i * 3], positions[i * 3 + 1], positions[i * 3 + 2]];
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [at(indices[t]), at(indices[t + 1]), at(indices[t + 2])];
    const n = cross3([b[0] - a[0], b[1] - a[1], b[2] - a[2]], [c[0] - a[0], c[1] - a[1], c[2] - a[2]]);
    for (let k = 0; k < 3; k++) for (let x = 0; x < 3; x++) out[indices[t + k] * 3 + x] += n[x];
  }
  for (let i = 0; i < out.length; i += 3) {
    const n = norm3([out[i], out[i + 1], out[i + 2] || 1e-12]);
    for (let x = 0; x < 3; x++) out[i + x] = n[x];
  }
  return out;
}
