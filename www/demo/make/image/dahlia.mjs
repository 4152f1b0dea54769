import { fbm2, noise2 } from '../noise.mjs';
import { clamp, mix, smooth } from '../num.mjs';
import { Picture, blur } from '../picture.mjs';
import { hash, prng } from '../prng.mjs';

export const prompt = 'A dahlia in full bloom after rain, drops on the petals, dark garden behind, macro photograph';

const WIDTH = 1280;
const HEIGHT = 960;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Half the width of a petal at u, from 0 at the base to 1 at the tip. */
const outline = (u) => Math.sin(Math.PI * clamp(0.1 + 0.9 * u) ** 0.92) ** 0.62 * (0.55 + 0.45 * smooth(0, 0.6, u));

/** Paints one petal, with the shadow it throws on those beneath. */
function petal(data, p) {
  const { x, y, angle, length, width, curl, hue, salt, depth } = p;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const reach = Math.hypot(length, width) + 26;
  const x0 = Math.max(0, Math.floor(x - reach));
  const x1 = Math.min(WIDTH - 1, Math.ceil(x + reach));
  const y0 = Math.max(0, Math.floor(y - reach));
  const y1 = Math.min(HEIGHT - 1, Math.ceil(y + reach));
  for (let py = y0; py <= y1; py++) {
    for (let px = x0; px <= x1; px++) {
      const dx = px - x;
      const dy = py - y;
      const u = (dx * c + dy * s) / length;
      if (u < -0.02 || u > 1.2) continue;
      const bend = 0.04 * Math.sin(u * 3 + salt) * length;
      const across = -dx * s + dy * c + bend;
      const half = width * outline(u) * (1 + 0.03 * (noise2(u * 12, salt, 3) - 0.5)) + 0.001;
      const v = across / half;
      const inside = clamp((half - Math.abs(across)) * 0.8 + 0.5) * (u < 1 ? 1 : 0);
      const i = (py * WIDTH + px) * 3;
      // Soft shadow just outside the edge, longer towards the lower right, away from the light.
      const drop = Math.abs(across - 0.1 * width) - width * outline(clamp((u - 0.02) * 0.93));
      const shade = 1 - 0.5 * smooth(22, -4, drop) * smooth(1.16, 0.9, u);
      if (inside < 1) {
        const k = mix(shade, 1, inside);
        data[i] *= k;
        data[i + 1] *= k * 0.97;
        data[i + 2] *= k;
      }
      if (inside <= 0) continue;
      // A trough along the middle with edges rolled up.
      const slope = curl * (1.6 * v * Math.abs(v) + 0.5 * v);
      const vein = fbm2(u * 2.2 + salt, v * 9 + salt * 7, 3, 5) - 0.5;
      const ribs = Math.sin(v * 15 + vein * 3) * 0.1 * smooth(0, 0.25, u) * smooth(1, 0.7, u);
      const rise = mix(0.9, -0.75, u) * (0.35 + 0.65 * (1 - depth));
      const nu = -rise;
      const nv = -(slope + ribs + vein * 0.16);
      const nx = nu * c - nv * s;
      const ny = nu * s + nv * c;
      const k = 1 / Math.sqrt(1 + nx * nx + ny * ny);
      const light = clamp((-0.52 * nx - 0.62 * ny + 0.6) * k, 0, 1.4);
      const shine = clamp((-0.3 * nx - 0.38 * ny + 0.87) * k) ** 26 * 0.2;
      const tip = smooth(0.2, 1.0, u + 0.12 * vein);
      const edge = smooth(0.7, 1, Math.abs(v)) * 0.35 + 0.6 * smooth(0.85, 1, u);
      const warm = clamp(tip * 0.75 + edge * 0.5 + hue);
      const hide = mix(1, 0.16, smooth(0.62, 0.02, u)) * mix(0.75, 1, depth);
      const through = 0.13 * smooth(0.4, 1, u);
      const lit = (0.13 + 1.0 * light) * hide + through;
      const r = (mix(0.52, 0.98, warm) * lit + shine) * 1.0;
      const g = mix(0.012, 0.36, warm * warm) * lit + shine * 0.8;
      const b = mix(0.075, 0.2, warm) * lit + shine * 0.85;
      data[i] = mix(data[i], r, inside);
      data[i + 1] = mix(data[i + 1], g, inside);
      data[i + 2] = mix(data[i + 2], b, inside);
    }
  }
}

/** A flower head, back petals first; the middle ones are the smallest and overlap all others. */
function flower(data, cx, cy, radius, count, seed, tone) {
  const random = prng(seed);
  for (let n = count - 1; n >= 0; n--) {
    const t = Math.sqrt((n + 0.5) / count);
    const angle = n * GOLDEN + 0.12 * (random() - 0.5);
    const squash = 0.9;
    const out = radius * (0.5 * t ** 1.25 - 0.045);
    const length = radius * (0.13 + 0.44 * smooth(0, 1, t)) * (0.94 + 0.12 * random());
    petal(data, {
      x: cx + Math.cos(angle) * out,
      y: cy + Math.sin(angle) * out * squash,
      angle: Math.atan2(Math.sin(angle) * squash, Math.cos(angle)),
      length,
      width: length * mix(0.3, 0.235, t) * (0.95 + 0.1 * random()),
      curl: mix(0.95, 0.6, t),
      hue: tone + 0.12 * (random() - 0.5) + 0.22 * smooth(0.3, 0, t),
      salt: seed + n * 1.7,
      depth: smooth(0, 0.55, t),
    });
  }
}

function leaf(data, x, y, angle, length, width, salt) {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  for (let py = Math.max(0, Math.floor(y - length)); py < Math.min(HEIGHT, y + length); py++) {
    for (let px = Math.max(0, Math.floor(x - length)); px < Math.min(WIDTH, x + length); px++) {
      const u = ((px - x) * c + (py - y) * s) / length;
      if (u < 0 || u > 1) continue;
      const across = -(px - x) * s + (py - y) * c;
      const half = width * Math.sin(Math.PI * u ** 0.8) * (1 + 0.08 * Math.sin(u * 60));
      const inside = clamp(half - Math.abs(across));
      if (inside <= 0) continue;
      const v = across / (half + 1e-6);
      const rib = smooth(0.05, 0, Math.abs(v)) + 0.6 * smooth(0.25, 0, Math.abs(((u * 9 - Math.abs(v) * 1.6 + 9) % 1) - 0.5));
      const light = (0.4 + 0.35 * Math.sign(-v) * (1 - Math.abs(v)) + 0.25 * rib + 0.3 * (fbm2(u * 20, v * 8, 3, salt) - 0.5)) * 0.6;
      const i = (py * WIDTH + px) * 3;
      data[i] = mix(data[i], 0.13 * light, inside);
      data[i + 1] = mix(data[i + 1], 0.28 * light, inside);
      data[i + 2] = mix(data[i + 2], 0.1 * light, inside);
    }
  }
}

/** A drop of water: a lens, dark on the side of the light, bright opposite, with a glint. */
function drop(data, cx, cy, r) {
  const under = data.slice();
  for (let py = Math.floor(cy - r * 1.6); py <= cy + r * 1.6; py++) {
    for (let px = Math.floor(cx - r * 1.6); px <= cx + r * 1.6; px++) {
      if (px < 0 || py < 0 || px >= WIDTH || py >= HEIGHT) continue;
      const i = (py * WIDTH + px) * 3;
      const x = (px - cx) / r;
      const y = (py - cy) / r;
      const d = Math.hypot(x, y);
      const fall = Math.hypot(x - 0.22, y - 0.28);
      if (d > 1) {
        const k = 1 - 0.45 * smooth(1.25, 0.85, fall);
        for (let c = 0; c < 3; c++) data[i + c] *= k;
      }
      const inside = clamp((1 - d) * r);
      if (inside <= 0) continue;
      const bent = 1 - 0.7 * d * d;
      const sx = Math.round(clamp(cx - x * r * bent, 0, WIDTH - 1));
      const sy = Math.round(clamp(cy - y * r * bent, 0, HEIGHT - 1));
      const j = (sy * WIDTH + sx) * 3;
      const gather = 0.62 + 0.75 * smooth(-0.5, 0.9, (x + y) * 0.7) + 0.15 * d;
      const glint = 3 * smooth(0.24, 0.12, Math.hypot(x + 0.36, y + 0.42)) + 0.5 * smooth(0.2, 0.05, Math.hypot(x - 0.45, y - 0.5));
      const rim = 1 - 0.35 * smooth(0.8, 1, d);
      for (let c = 0; c < 3; c++) data[i + c] = mix(data[i + c], under[j + c] * gather * rim + glint, inside);
    }
  }
}

export function dahlia() {
  const picture = new Picture(WIDTH, HEIGHT);
  const { data } = picture;
  const random = prng(4);
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i += 3) {
      const green = fbm2(x * 0.006, y * 0.006, 3, 60);
      const light = smooth(1100, 0, Math.hypot(x - 180, y - 60));
      data[i] = 0.012 + 0.05 * green * light;
      data[i + 1] = 0.026 + 0.12 * green * light;
      data[i + 2] = 0.024 + 0.03 * green;
    }
  }
  for (let n = 0; n < 26; n++) leaf(data, random() * WIDTH, random() * HEIGHT, random() * 7, 200 + 160 * random(), 60 + 30 * random(), n);
  flower(data, 130, 170, 190, 130, 8, 0.25);
  flower(data, 1190, 800, 210, 130, 9, 0.1);
  flower(data, 1130, 120, 120, 90, 10, 0.45);
  blur(data, WIDTH, HEIGHT, 17);
  for (let n = 0; n < 40; n++) {
    const r = 10 + 22 * random();
    const x = random() * WIDTH;
    const y = random() * HEIGHT;
    const power = 0.04 + 0.1 * random();
    for (let py = Math.max(0, Math.floor(y - r)); py < Math.min(HEIGHT, y + r); py++) {
      for (let px = Math.max(0, Math.floor(x - r)); px < Math.min(WIDTH, x + r); px++) {
        const k = clamp((r - Math.hypot(px - x, py - y)) * 0.5) * power;
        const i = (py * WIDTH + px) * 3;
        data[i] += k * 0.8;
        data[i + 1] += k;
        data[i + 2] += k * 0.55;
      }
    }
  }
  for (let n = 0; n < 7; n++) leaf(data, 640 + 230 * Math.cos(n * 0.9 + 0.3), 500 + 230 * Math.sin(n * 0.9 + 0.3), n * 0.9 + 0.3 + 0.2 * (hash(n, 1) - 0.5), 330, 105, 70 + n);
  flower(data, 640, 478, 455, 300, 2, 0.02);
  for (let n = 0; n < 46; n++) {
    const angle = random() * 7;
    const far = 90 + 300 * Math.sqrt(random());
    drop(data, 640 + far * Math.cos(angle), 478 + far * 0.92 * Math.sin(angle), 4 + 13 * random() ** 3);
  }
  return picture.shrink(2).bloom(0.8, 6, 0.25).develop(1.15, 0.4);
}
