import { fbm2, fbm3, noise3 } from '../noise.mjs';
import { clamp, cross3, dot3, mix, norm3, smooth } from '../num.mjs';
import { Picture } from '../picture.mjs';

export const prompt = 'Still life of oranges and pears in a glazed bowl on an oak table, window light from the left, old-master mood';

const LIGHT = norm3([-0.72, 0.62, -0.38]);
const EYE = [0.15, 1.75, -6.2];
const TARGET = [0.05, 0.88, 0];
const TABLE = 0;
const WALL = 1;
const BOWL = 2;
const ORANGE = 3;
const PEAR = 4;
const VASE = 5;
const STEM = 6;
const GRAPE = 7;

const ORANGES = [
  [-0.42, 0.98, -0.12, 0.44],
  [0.4, 0.97, -0.2, 0.43],
  [0.02, 0.94, 0.42, 0.45],
  [0.0, 1.5, 0.02, 0.43],
  [-1.62, 0.42, -0.95, 0.42],
];
const PEARS = [
  [1.5, 0, -0.75, 0.12],
  [2.05, 0, -0.05, -0.16],
];
const GRAPES = [];
for (let n = 0; n < 26; n++) {
  const a = n * 2.4;
  const r = 0.06 + 0.075 * Math.sqrt(n) * 1.1;
  GRAPES.push([-0.55 + r * Math.cos(a) * 1.25 + 0.012 * n, 0.13 + 0.2 * Math.max(0, 1 - r * 2.4), -1.5 + r * Math.sin(a) * 0.8, 0.125 + 0.015 * Math.sin(n * 5)]);
}

const soft = (a, b, k) => {
  const h = clamp(0.5 + (0.5 * (b - a)) / k);
  return mix(b, a, h) - k * h * (1 - h);
};

function pear(x, y, z, [px, , pz, lean]) {
  const qx = x - px - lean * y * y * 0.35;
  const qz = z - pz;
  const low = Math.hypot(qx, (y - 0.46) * 1.02, qz) - 0.46;
  const high = Math.hypot(qx, (y - 1.05) * 0.9, qz) - 0.235;
  return soft(low, high, 0.42) * 0.9;
}

function bowl(x, y, z) {
  const r = Math.hypot(x, z);
  const shell = Math.abs(Math.hypot(r, y - 1.42) - 1.3) - 0.045;
  const cut = Math.max(shell, y - 0.92 - 0.015 * Math.sin(Math.atan2(z, x) * 12));
  const foot = Math.hypot(Math.max(0, r - 0.48), Math.max(0, Math.abs(y - 0.08) - 0.07)) - 0.03;
  return soft(cut, foot, 0.06);
}

const profile = (y) => 0.22 + 0.36 * Math.sin(clamp(y / 1.75) * Math.PI * 0.93) ** 1.3 + 0.1 * smooth(1.62, 1.95, y);

function vase(x, y, z) {
  const r = Math.hypot(x + 1.75, z - 0.75);
  const body = (r - profile(y)) * 0.75;
  return Math.max(Math.abs(body) - 0.025, y - 1.95, -y);
}

const TWIGS = [];
for (let n = 0; n < 7; n++) {
  const a = n * 2.2;
  TWIGS.push([0.5 * Math.cos(a) + 0.15, 1.3 + 0.35 * Math.sin(n * 3.1), 0.4 * Math.sin(a)]);
}

/** Bare twigs with buds that stand in the vase. */
function twigs(x, y, z) {
  const qx = x + 1.75;
  const qy = y - 1.6;
  const qz = z - 0.75;
  if (qy < -0.2) return -qy;
  let d = 1;
  for (const [ax, ay, az] of TWIGS) {
    const h = clamp((qx * ax + qy * ay + qz * az) / (ax * ax + ay * ay + az * az));
    const wave = 0.05 * Math.sin(h * 9 + ax * 20);
    d = Math.min(d, Math.hypot(qx - ax * h + wave, qy - ay * h, qz - az * h) - 0.018 + 0.009 * h);
    for (let k = 4; k <= 10; k++) {
      const t = k / 10;
      const w = 0.05 * Math.sin(t * 9 + ax * 20);
      const side = (k % 2 ? 1 : -1) * 0.05;
      d = Math.min(d, Math.hypot(qx - ax * t + w + side, (qy - ay * t) * 0.8, qz - az * t - side) - 0.05 - 0.02 * Math.sin(k * 3 + ax * 9));
    }
  }
  return d * 0.85;
}

let nearest = 0;
function scene(x, y, z) {
  let d = y;
  nearest = TABLE;
  const see = (e, id) => {
    if (e < d) {
      d = e;
      nearest = id;
    }
  };
  see(3.4 - z, WALL);
  const group = Math.hypot(x, y - 0.9, z) - 1.5;
  if (group < 0.3) {
    see(bowl(x, y, z), BOWL);
    for (let i = 0; i < 4; i++) {
      const o = ORANGES[i];
      see(Math.hypot(x - o[0], (y - o[1]) * 1.04, z - o[2]) - o[3], ORANGE);
    }
  } else see(group, BOWL);
  const o = ORANGES[4];
  see(Math.hypot(x - o[0], (y - o[1]) * 1.04, z - o[2]) - o[3], ORANGE);
  for (const p of PEARS) {
    const far = Math.hypot(x - p[0], y - 0.65, z - p[2]) - 1.1;
    if (far > 0.2) see(far, PEAR);
    else {
      see(pear(x, y, z, p), PEAR);
      const sx = x - p[0] - p[3] * 0.62 - 0.06 * Math.sin(y * 4);
      see(Math.max(Math.hypot(sx, z - p[2]) - 0.022, Math.abs(y - 1.4) - 0.17), STEM);
    }
  }
  const bunch = Math.hypot(x + 0.4, y - 0.2, z + 1.5) - 0.85;
  if (bunch > 0.2) see(bunch, GRAPE);
  else for (const g of GRAPES) see(Math.hypot(x - g[0], y - g[1], z - g[2]) - g[3], GRAPE);
  const corner = Math.hypot(x + 1.75, Math.max(0, Math.abs(y - 1.6) - 1.6), z - 0.75) - 1;
  if (corner > 0.2) see(corner, VASE);
  else {
    see(vase(x, y, z), VASE);
    see(twigs(x, y, z), STEM);
  }
  return d;
}

function march(o, d, most) {
  let t = 0.02;
  for (let i = 0; i < 160 && t < most; i++) {
    const gap = scene(o[0] + d[0] * t, o[1] + d[1] * t, o[2] + d[2] * t);
    if (gap < 0.0007 * t) return t;
    t += gap * 0.95;
  }
  return most;
}

function shadow(p) {
  let light = 1;
  for (let t = 0.03, i = 0; t < 5 && i < 60; i++) {
    const gap = scene(p[0] + LIGHT[0] * t, p[1] + LIGHT[1] * t, p[2] + LIGHT[2] * t);
    light = Math.min(light, 0.5 + (0.5 * gap) / (0.085 * t));
    if (light < 0.01) return 0;
    t += clamp(gap, 0.02, 0.25);
  }
  return light * light * (3 - 2 * light);
}

function crevice(p, n) {
  let sum = 0;
  let k = 1;
  for (let i = 1; i <= 5; i++) {
    const h = 0.045 * i * i * 0.6;
    sum += k * (h - scene(p[0] + n[0] * h, p[1] + n[1] * h, p[2] + n[2] * h));
    k *= 0.72;
  }
  return clamp(1 - 1.5 * sum);
}

function normal(p) {
  const e = 0.0012;
  const [x, y, z] = p;
  return norm3([
    scene(x + e, y, z) - scene(x - e, y, z),
    scene(x, y + e, z) - scene(x, y - e, z),
    scene(x, y, z + e) - scene(x, y, z - e),
  ]);
}

/** The room as a glossy surface mirrors it: dark, with one window of four panes. */
function room(d, gloss) {
  const u = (d[0] * 0.55 + d[2] * -0.85) * 1.0;
  const facing = -d[0] * 0.8 - d[2] * 0.5 + d[1] * 0.35;
  const wx = Math.abs(u - 0.05);
  const wy = Math.abs(d[1] - 0.5);
  const soften = 0.05 + 0.3 * gloss;
  const frame = smooth(0.3 + soften, 0.3 - soften, wx) * smooth(0.3 + soften, 0.3 - soften, wy);
  const bars = gloss < 0.2 ? smooth(0.015, 0.04, wx) * smooth(0.015, 0.04, wy) : 1;
  return 0.05 + 0.06 * Math.max(0, d[1]) + (facing > 0 ? 3.4 * frame * bars : 0);
}

function paint(id, p, n) {
  const [x, y, z] = p;
  if (id === TABLE) {
    const board = Math.floor((z + 20) / 0.82);
    const gx = x + board * 3.7;
    const grain = fbm2(gx * 0.7, z * 9 + 0.8 * fbm2(gx * 0.8, z * 1.5, 3, 7), 5, 3);
    const fine = fbm2(gx * 3, z * 60, 3, 4);
    const rings = 0.5 + 0.5 * Math.sin(grain * 26);
    const seam = smooth(0.0, 0.018, Math.min((z + 20) / 0.82 - board, board + 1 - (z + 20) / 0.82));
    const k = (0.5 + 0.35 * rings + 0.4 * (fine - 0.5)) * mix(0.25, 1, seam) * (0.85 + 0.3 * ((board * 0.37) % 1));
    return [0.3 * k, 0.15 * k, 0.066 * k, 0.45];
  }
  if (id === WALL) {
    const k = 0.7 + 0.6 * fbm2(x * 1.4, y * 1.4, 6, 9);
    return [0.09 * k, 0.115 * k, 0.12 * k, 1];
  }
  if (id === BOWL) {
    const a = Math.atan2(z, x);
    const wave = Math.abs(y - 0.62 - 0.07 * Math.sin(a * 9));
    const band = smooth(0.035, 0.02, wave) + smooth(0.025, 0.015, Math.abs(y - 0.82)) + smooth(0.02, 0.012, Math.abs(y - 0.4));
    const crackle = 0.9 + 0.2 * fbm3(x * 8, y * 8, z * 8, 3, 13);
    const k = clamp(band);
    return [mix(0.62, 0.03, k) * crackle, mix(0.63, 0.09, k) * crackle, mix(0.6, 0.33, k) * crackle, 0.06];
  }
  if (id === ORANGE) {
    const pits = noise3(x * 42, y * 42, z * 42, 15);
    for (let i = 0; i < 3; i++) n[i] += 0.13 * (noise3(x * 42 + i * 9, y * 42, z * 42, 16) - 0.5);
    const blush = fbm3(x * 2, y * 2, z * 2, 3, 17);
    return [0.92 * (0.86 + 0.2 * pits), mix(0.17, 0.25, blush) * (0.8 + 0.3 * pits), 0.025, 0.3];
  }
  if (id === PEAR) {
    const freckle = smooth(0.68, 0.8, noise3(x * 30, y * 30, z * 30, 19));
    const blush = smooth(0.35, 0.8, fbm3(x * 1.6, y * 1.3, z * 1.6, 4, 20) + 0.25 * n[0]);
    return [mix(0.5, 0.66, blush) * (1 - 0.35 * freckle), mix(0.5, 0.2, blush) * (1 - 0.4 * freckle), mix(0.09, 0.06, blush), 0.28];
  }
  if (id === VASE) {
    const drip = smooth(0.06, -0.06, y - 1.1 - 0.22 * fbm2(Math.atan2(z - 0.75, x + 1.75) * 2.4, 1, 3, 22));
    const speck = fbm3(x * 14, y * 14, z * 14, 3, 23);
    return [mix(0.02, 0.26, drip) * (0.7 + 0.6 * speck), mix(0.11, 0.18, drip) * (0.7 + 0.6 * speck), mix(0.14, 0.12, drip) * (0.7 + 0.6 * speck), mix(0.08, 0.5, drip)];
  }
  if (id === GRAPE) {
    const bloom = smooth(0.35, 0.75, fbm3(x * 7, y * 7, z * 7, 3, 25));
    return [mix(0.05, 0.16, bloom), mix(0.015, 0.1, bloom), mix(0.06, 0.22, bloom), 0.16 + 0.2 * bloom];
  }
  const bud = y > 1.9 && y < 4;
  return bud ? [0.5, 0.34, 0.24, 0.6] : [0.13, 0.075, 0.035, 0.8];
}

function shade(o, d, depth, out) {
  const t = march(o, d, 16);
  if (t >= 16) {
    out[0] = out[1] = out[2] = 0.03;
    return;
  }
  const id = nearest;
  const p = [o[0] + d[0] * t, o[1] + d[1] * t, o[2] + d[2] * t];
  const smoothNormal = normal(p);
  const n = smoothNormal.slice();
  const [r, g, b, rough] = paint(id, p, n);
  const facing = clamp(dot3(n, LIGHT) * 0.92 + 0.08);
  const start = [p[0] + n[0] * 0.004, p[1] + n[1] * 0.004, p[2] + n[2] * 0.004];
  const sun = facing > 0 ? facing * shadow(start) : 0;
  const open = crevice(p, smoothNormal);
  // The window lights a slanting patch of the wall and leaves its corners dark.
  const pool = id === WALL ? 0.2 + 1.1 * smooth(3.6, 0.2, Math.hypot(p[0] - 0.9, (p[1] - 1.5) * 1.1)) : 1;
  const up = 0.5 + 0.5 * n[1];
  const bounce = clamp(0.6 - 0.5 * n[1]) * Math.exp(-Math.max(0, p[1]) * 0.9);
  const key = 2.1 * sun * pool;
  out[0] = r * (key * 1.0 + open * (0.09 * up + 0.16 * bounce));
  out[1] = g * (key * 0.88 + open * (0.11 * up + 0.085 * bounce));
  out[2] = b * (key * 0.68 + open * (0.16 * up + 0.04 * bounce));
  if (id === WALL || id === STEM) return;
  const k = dot3(d, n);
  const m = norm3([d[0] - 2 * k * n[0], d[1] - 2 * k * n[1], d[2] - 2 * k * n[2]]);
  const fresnel = (0.04 + 0.96 * (1 - clamp(-k)) ** 5) * (1 - rough * 0.8);
  if (depth === 0 && (rough < 0.1 || id === TABLE)) {
    const seen = [0, 0, 0];
    shade(start, m, 1, seen);
    const window = room(m, rough) * (id === TABLE ? 0 : 1);
    for (let c = 0; c < 3; c++) out[c] += fresnel * (seen[c] + window) * (id === TABLE ? 0.55 : 1);
  } else {
    const window = room(m, rough) * (0.25 + 0.75 * open);
    for (let c = 0; c < 3; c++) out[c] += fresnel * window * (1 - rough);
  }
}

export function stillLife() {
  const forward = norm3([TARGET[0] - EYE[0], TARGET[1] - EYE[1], TARGET[2] - EYE[2]]);
  const right = norm3(cross3([0, 1, 0], forward));
  const up = cross3(forward, right);
  return new Picture(640, 480).render(2, (px, py, out) => {
    const u = (px - 320) / 690;
    const v = (235 - py) / 690;
    shade(EYE, norm3([0, 1, 2].map((i) => forward[i] + u * right[i] + v * up[i])), 0, out);
  }).bloom(1, 7, 0.2).develop(1.05, 0.45);
}
