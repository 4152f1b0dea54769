import { Heights } from '../heights.mjs';
import { fbm2, noise2, ridged2 } from '../noise.mjs';
import { clamp, dot3, mix, norm3, smooth } from '../num.mjs';
import { Picture } from '../picture.mjs';
import { hash, prng } from '../prng.mjs';
import { firs } from './firs.mjs';

export const prompt = 'First sun on snowy peaks above a still mountain lake, pine forest on the shore, thin morning mist';

const SUN = norm3([-0.78, 0.3, 0.12]);
const EYE = [0, 0.2, -0.6];
const TREE = 0.08;
const NEAR = [
  [60, 36, 900],
  [182, 330, 600],
  [-24, 230, 700],
  [1190, 270, 640],
  [1290, 90, 860],
  [1096, 560, 360],
];

function bump(x, z, cx, cz, r) {
  const d = ((x - cx) ** 2 + (z - cz) ** 2) / (r * r);
  return Math.exp(-d);
}

function land() {
  const heights = new Heights(1100, -5.5, 0, 11, (x, z) => {
    const wx = x + 0.5 * (fbm2(x * 0.9, z * 0.9, 3, 5) - 0.5);
    const wz = z + 0.5 * (fbm2(x * 0.9, z * 0.9, 3, 9) - 0.5);
    const peaks =
      3.3 * bump(wx, wz, 0.75, 6.3, 1.35) +
      2.3 * bump(wx, wz, -1.9, 6.9, 1.5) +
      1.9 * bump(wx, wz, 3.3, 6.2, 1.5) +
      1.2 * bump(wx, wz, -4.3, 5.6, 1.5) +
      0.55 * bump(wx, wz, -2.5, 3.6, 0.9) +
      0.62 * bump(wx, wz, 2.45, 3.5, 0.85);
    const crags = ridged2(wx * 0.62 + 3, wz * 0.62, 7, 21);
    const shore = smooth(2.4, 4.4, z + 0.5 * Math.abs(x) + 0.8 * (fbm2(x * 1.3, z * 1.3, 4, 2) - 0.5));
    return -0.06 + shore * 0.16 + shore * peaks * (0.45 + 1.05 * crags) + 0.1 * shore * fbm2(x * 3, z * 3, 4, 40);
  });
  return heights.erode(330000, prng(11)).soften();
}

export function alpineLake() {
  const ground = land();
  const near = firs(1280, 960, NEAR, 17);
  const forest = (x, z, h) =>
    smooth(0.012, 0.03, h) * smooth(0.62, 0.34, h + 0.35 * (fbm2(x * 2.2, z * 2.2, 3, 60) - 0.5));

  // Height of the nearest fir above the ground; one fir in each cell of a shaken lattice.
  const wood = (x, z, h) => {
    const dense = forest(x, z, h);
    if (dense < 0.05) return 0;
    const cell = 0.036;
    const ci = Math.floor(x / cell);
    const cj = Math.floor(z / cell);
    let best = 0;
    for (let j = cj - 1; j <= cj + 1; j++) {
      for (let i = ci - 1; i <= ci + 1; i++) {
        const size = hash(i, j, 3);
        if (size > dense * 1.1) continue;
        const px = (i + 0.15 + 0.7 * hash(i, j, 1)) * cell;
        const pz = (j + 0.15 + 0.7 * hash(i, j, 2)) * cell;
        const tall = TREE * (0.5 + 0.5 * hash(i, j, 4));
        const d = Math.hypot(x - px, z - pz) / (tall * 0.27);
        best = Math.max(best, tall * (1 - d));
      }
    }
    return best;
  };

  const sky = (d, out) => {
    const up = Math.max(0, d[1]);
    const sun = Math.max(0, dot3(d, SUN));
    const low = Math.exp(-up * 4.2);
    out[0] = mix(0.07, 0.86, low) + 1.1 * sun ** 4;
    out[1] = mix(0.18, 0.5, low) + 0.42 * sun ** 4;
    out[2] = mix(0.46, 0.46, low) + 0.08 * sun ** 4;
    const k = 1 / (up + 0.12);
    const x = d[0] * k;
    const z = d[2] * k;
    const bent = fbm2(x * 0.5, z * 0.9, 4, 70);
    const cloud = smooth(0.5, 0.74, fbm2(x * 0.55 + bent * 1.3, z * 1.5 + bent, 7, 80)) * smooth(0.02, 0.2, up);
    const lit = smooth(0.75, 0.3, fbm2(x * 0.55 + bent * 1.3 - 0.12, z * 1.5 + bent, 5, 80));
    out[0] = mix(out[0], mix(0.3, 1.5, lit), cloud * 0.9);
    out[1] = mix(out[1], mix(0.27, 0.82, lit), cloud * 0.9);
    out[2] = mix(out[2], mix(0.42, 0.6, lit), cloud * 0.9);
  };

  const march = (o, d, most, step, hit) => {
    let t = 0.3;
    let last = t;
    for (let i = 0; i < 420 && t < most; i++) {
      const x = o[0] + d[0] * t;
      const y = o[1] + d[1] * t;
      const z = o[2] + d[2] * t;
      if (y > 4.6 && d[1] > 0) return -1;
      const h = ground.at(x, z);
      let gap = y - h;
      if (gap < TREE) {
        const tree = wood(x, z, h);
        gap -= tree;
        if (gap < 0.0006 * t && h > -0.004) {
          hit.tree = tree;
          hit.h = h;
          if (tree === 0) {
            for (let k = 0; k < 7; k++) {
              const m = (t + last) / 2;
              if (o[1] + d[1] * m > ground.at(o[0] + d[0] * m, o[2] + d[2] * m)) last = m;
              else t = m;
            }
          }
          return t;
        }
      }
      last = t;
      t += Math.max(step * t, gap * (gap > TREE ? 0.42 : 0.25));
    }
    return -1;
  };

  const shadow = (x, y, z) => {
    let light = 1;
    for (let t = 0.03, i = 0; t < 4 && i < 60; i++) {
      const gap = y + SUN[1] * t - ground.at(x + SUN[0] * t, z + SUN[2] * t);
      light = Math.min(light, 0.5 + (14 * gap) / t);
      if (light <= 0) return 0;
      t += clamp(gap * 0.6, 0.02, 0.2);
    }
    return clamp(light);
  };

  const air = (t, d, y, out) => {
    const haze = 1 - Math.exp(-((t * 0.06) ** 1.5));
    const sun = Math.max(0, d[0] * SUN[0] + d[2] * SUN[2]) ** 2;
    out[0] = mix(out[0], 0.5 + 0.45 * sun, haze);
    out[1] = mix(out[1], 0.47 + 0.16 * sun, haze);
    out[2] = mix(out[2], 0.6, haze);
  };

  const surface = (o, d, t, hit, out) => {
    const x = o[0] + d[0] * t;
    const y = o[1] + d[1] * t;
    const z = o[2] + d[2] * t;
    const e = Math.max(0.008, 0.0016 * t);
    let gx = (ground.at(x - e, z) - ground.at(x + e, z)) / (2 * e);
    let gz = (ground.at(x, z - e) - ground.at(x, z + e)) / (2 * e);
    const steep = 1 / Math.sqrt(1 + gx * gx + gz * gz);
    const grain = 0.2 * (1 - steep);
    gx += grain * (noise2(x * 60, z * 60, 90) - 0.5 + noise2(x * 140, y * 140, 91) - 0.5) * 3;
    gz += grain * (noise2(x * 60, z * 60, 92) - 0.5 + noise2(z * 140, y * 140, 93) - 0.5) * 3;
    let r;
    let g;
    let b;
    if (hit.tree > 0.004) {
      const age = fbm2(x * 9, z * 9, 2, 95);
      const top = 0.25 + 0.6 * (hit.tree / TREE);
      r = mix(0.018, 0.06, age) * top;
      g = mix(0.05, 0.085, age) * top;
      b = mix(0.035, 0.03, age) * top;
      const f = 0.004;
      gx = (wood(x - f, z, hit.h) - wood(x + f, z, hit.h)) / (2 * f);
      gz = 0;
    } else {
      const strata = 0.5 + 0.5 * Math.sin(y * 46 + 5 * fbm2(x * 2, z * 2, 3, 97));
      const rock = mix(0.12, 0.155, strata) * mix(0.7, 1.25, noise2(x * 25, z * 25, 98));
      const grass = smooth(0.72, 0.9, steep) * smooth(1.0, 0.25, y);
      r = mix(rock * 1.12, 0.11, grass);
      g = mix(rock, 0.1, grass);
      b = mix(rock * 0.98, 0.04, grass);
      const line = 0.72 + 0.5 * (fbm2(x * 1.7, z * 1.7, 4, 99) - 0.5);
      const snow = smooth(line - 0.1, line + 0.45, y) * smooth(0.46, 0.64, steep + 0.12 * smooth(1.2, 2.4, y));
      r = mix(r, 0.86, snow);
      g = mix(g, 0.88, snow);
      b = mix(b, 0.94, snow);
      if (y < 0.03) {
        const wet = smooth(0.03, 0.004, y);
        r = mix(r, 0.09, wet);
        g = mix(g, 0.08, wet);
        b = mix(b, 0.07, wet);
      }
    }
    const n = norm3([gx, 1, gz]);
    const facing = Math.max(0, dot3(n, SUN));
    const sun = facing > 0 ? facing * shadow(x, y + 0.012, z) : 0;
    const up = 0.55 + 0.45 * n[1];
    const back = Math.max(0, -n[0] * SUN[0] - n[2] * SUN[2]) * 0.12;
    out[0] = r * (4.3 * sun + 0.3 * up + back);
    out[1] = g * (2.45 * sun + 0.41 * up + back);
    out[2] = b * (1.25 * sun + 0.66 * up + back);
    air(t, d, y, out);
  };

  const hit = { tree: 0, h: 0 };
  const view = (o, d, step, out) => {
    const t = march(o, d, 14, step, hit);
    if (t > 0) surface(o, d, t, hit, out);
    else sky(d, out);
    return t;
  };

  const water = (d, t, out) => {
    const x = EYE[0] + d[0] * t;
    const z = EYE[2] + d[2] * t;
    const calm = smooth(0.35, 0.62, fbm2(x * 1.4, z * 2.4, 3, 120));
    const amp = mix(0.012, 0.045, calm);
    const nx = amp * (fbm2(x * 22, z * 46, 3, 121) - 0.5);
    const nz = amp * 1.6 * (fbm2(x * 20, z * 55, 3, 131) - 0.5);
    const r = norm3([d[0] + 1.2 * nx, Math.abs(d[1]) + nz * 0.6, d[2]]);
    if (r[1] < 0.004) r[1] = 0.004;
    const seen = [0, 0, 0];
    view([x, 0.001, z], r, 0.004, seen);
    const fresnel = 0.06 + 0.94 * (1 - clamp(-d[1])) ** 5;
    const shallow = smooth(-0.06, 0, ground.at(x, z));
    out[0] = mix(mix(0.012, 0.07, shallow), seen[0] * 0.92, fresnel);
    out[1] = mix(mix(0.05, 0.1, shallow), seen[1] * 0.95, fresnel);
    out[2] = mix(mix(0.075, 0.1, shallow), seen[2], fresnel);
    const mist = smooth(1.3, 3.2, t) * smooth(0.35, 0.75, fbm2(x * 0.9, z * 2.2, 4, 140)) * 0.35;
    out[0] = mix(out[0], 0.95, mist);
    out[1] = mix(out[1], 0.82, mist);
    out[2] = mix(out[2], 0.8, mist);
  };

  return new Picture(640, 480).render(2, (px, py, out) => {
    const d = norm3([(px - 320) / 470, (275 - py) / 470, 1]);
    const land = view(EYE, d, 0.0022, out);
    const t = d[1] < 0 ? -EYE[1] / d[1] : Infinity;
    if (t < 13 && (land < 0 || t < land)) water(d, t, out);
    const shade = near[Math.floor(py * 2) * 1280 + Math.floor(px * 2)];
    const tone = 0.5 + 1.0 * noise2(px * 0.15, py * 0.15, 210);
    out[0] = mix(out[0], 0.014 * tone, shade);
    out[1] = mix(out[1], 0.024 * tone, shade);
    out[2] = mix(out[2], 0.024 * tone, shade);
  }).bloom(1.1, 9, 0.22).develop(0.95, 0.28);
}
