import { hash } from './prng.mjs';

/** Value noise in [0, 1]. */
export function noise2(x, y, salt = 0) {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const a = hash(ix, iy, salt);
  const b = hash(ix + 1, iy, salt);
  const c = hash(ix, iy + 1, salt);
  const d = hash(ix + 1, iy + 1, salt);
  return a + (b - a) * u + (c - a + (a - b - c + d) * u) * v;
}

export function noise3(x, y, z, salt = 0) {
  const iz = Math.floor(z);
  const f = z - iz;
  const w = f * f * (3 - 2 * f);
  const a = noise2(x, y, salt + iz * 31);
  return a + (noise2(x, y, salt + iz * 31 + 31) - a) * w;
}

/** Octaves of value noise in [0, 1]; each is turned, so that the lattice does not show. */
export function fbm2(x, y, octaves, salt = 0) {
  let sum = 0;
  let gain = 0.5;
  let total = 0;
  for (let i = 0; i < octaves; i++) {
    sum += gain * noise2(x, y, salt + i);
    total += gain;
    gain *= 0.5;
    const t = 1.6 * x - 1.2 * y;
    y = 1.2 * x + 1.6 * y + 3.7;
    x = t + 1.3;
  }
  return sum / total;
}

export function fbm3(x, y, z, octaves, salt = 0) {
  let sum = 0;
  let gain = 0.5;
  let total = 0;
  for (let i = 0; i < octaves; i++) {
    sum += gain * noise3(x, y, z, salt + i * 977);
    total += gain;
    gain *= 0.5;
    const t = 1.6 * x - 1.2 * y;
    y = 1.2 * x + 1.6 * y + 3.7;
    x = t + 1.3;
    z = z * 2.02 + 5.1;
  }
  return sum / total;
}

/** Octaves of folded noise in [0, 1]: sharp crests, as of mountains. */
export function ridged2(x, y, octaves, salt = 0) {
  let sum = 0;
  let gain = 0.5;
  let total = 0;
  let carry = 1;
  for (let i = 0; i < octaves; i++) {
    let n = 1 - Math.abs(2 * noise2(x, y, salt + i) - 1);
    n *= n;
    sum += gain * n * carry;
    total += gain;
    carry = Math.min(1, n * 1.4);
    gain *= 0.5;
    const t = 1.6 * x - 1.2 * y;
    y = 1.2 * x + 1.6 * y + 3.7;
    x = t + 1.3;
  }
  return sum / total;
}
