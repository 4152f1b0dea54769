import { fill, tone } from '../frame.mjs';
import { fbm2, noise2 } from '../noise.mjs';
import { clamp, mix, smooth } from '../num.mjs';
import { hash, prng } from '../prng.mjs';

export const prompt = 'Koi gliding between lily pads, seen from above, sunlight dancing on the pebbles below';

const SKINS = [
  [[0.9, 0.86, 0.8], [0.95, 0.22, 0.04]],
  [[0.98, 0.45, 0.06], [0.95, 0.75, 0.4]],
  [[0.92, 0.9, 0.86], [0.05, 0.05, 0.06]],
  [[0.95, 0.7, 0.14], [0.9, 0.35, 0.04]],
];

export function koi(width, height) {
  const random = prng(52);
  const fish = Array.from({ length: 9 }, (_, n) => ({
    x: ((n % 3) - 1) * 0.4 + 0.25 * (random() - 0.5),
    y: (Math.floor(n / 3) - 1) * 0.16 + 0.12 * (random() - 0.5),
    r: 0.16 + 0.12 * random(),
    speed: (0.5 + 0.25 * random()) * (n % 2 ? 1 : -1),
    start: random() * 7,
    long: 0.3 + 0.12 * random(),
    skin: SKINS[n % SKINS.length],
    salt: n * 13,
  }));
  const pads = Array.from({ length: 7 }, (_, n) => ({
    x: (n % 2 ? 1 : -1) * (0.45 + 0.42 * random()),
    y: random() - 0.5,
    r: 0.07 + 0.07 * random(),
    notch: random() * 7,
  }));
  const floor = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = 19;
      let first = 9;
      let second = 9;
      let id = 0;
      const gx = (x + 5 * noise2(x * 0.05, y * 0.05, 1)) / cell;
      const gy = y / cell;
      for (let j = -1; j <= 1; j++) {
        for (let i = -1; i <= 1; i++) {
          const ci = Math.floor(gx) + i;
          const cj = Math.floor(gy) + j;
          const d = Math.hypot(ci + hash(ci, cj, 2) - gx, cj + hash(ci, cj, 3) - gy);
          if (d < first) {
            second = first;
            first = d;
            id = hash(ci, cj, 4);
          } else if (d < second) second = d;
        }
      }
      const stone = (0.45 + 0.55 * smooth(0.0, 0.35, second - first)) * (0.55 + 0.25 * id) * 0.75;
      const p = (y * width + x) * 3;
      floor[p] = stone * mix(0.1, 0.19, id);
      floor[p + 1] = stone * 0.2 + 0.012;
      floor[p + 2] = stone * mix(0.17, 0.12, id) + 0.015;
    }
  }

  const caustic = (u, v, time) => {
    let x = u * 9;
    let y = v * 9;
    let sum = 0;
    for (let k = 1; k <= 4; k++) {
      const t = time * (0.9 + 0.17 * k);
      const nx = x + Math.cos(t - x) + Math.sin(t * 0.8 + y);
      const ny = y + Math.sin(t * 0.9 - y) + Math.cos(t + x);
      sum += 1 / (0.25 + Math.abs(Math.sin(nx * 0.9 + ny * 0.35) + Math.cos(ny * 0.8 - nx * 0.3)) * 2.4);
      x = nx * 1.15 + 1.7;
      y = ny * 1.15 - 0.6;
    }
    return clamp(sum / 4 - 0.35, 0, 2.5);
  };

  const drawFish = (frame, f, time) => {
    const a = f.start + f.speed * time;
    const dir = Math.sign(f.speed);
    const spine = [];
    for (let i = 0; i <= 12; i++) {
      const s = i / 12;
      const b = a - (dir * s * f.long) / (f.r * 1.6);
      const beat = 0.024 * s * s * Math.sin(time * 7 - s * 5 + f.salt);
      const r = f.r * 1.6 + beat;
      spine.push([f.x + r * Math.cos(b), f.y + r * Math.sin(b) * 0.8]);
    }
    const body = (s) => f.long * (0.118 * Math.sin(Math.PI * clamp(0.07 + s * 0.95) ** 0.62) ** 0.85 * (1 - 0.55 * s) + 0.012);
    const tail = (s) => (s > 0.8 ? f.long * 0.55 * (s - 0.8) : 0);
    const fins = (s) => f.long * 0.14 * Math.exp(-(((s - 0.33) / 0.05) ** 2));
    const xs = spine.map((q) => q[0]);
    const ys = spine.map((q) => q[1]);
    const pad = f.long * 0.3;
    const x0 = Math.max(0, Math.floor((Math.min(...xs) - pad) * height + width / 2));
    const x1 = Math.min(width - 1, Math.ceil((Math.max(...xs) + pad) * height + width / 2));
    const y0 = Math.max(0, Math.floor((0.5 - Math.max(...ys) - pad) * height));
    const y1 = Math.min(height - 1, Math.ceil((0.5 - Math.min(...ys) + pad) * height));
    const near = (u, v) => {
      let best = 9;
      let at = 0;
      let side = 0;
      for (let i = 0; i < 12; i++) {
        const [ax, ay] = spine[i];
        const ex = spine[i + 1][0] - ax;
        const ey = spine[i + 1][1] - ay;
        const h = clamp(((u - ax) * ex + (v - ay) * ey) / (ex * ex + ey * ey));
        const d = Math.hypot(u - ax - ex * h, v - ay - ey * h);
        if (d < best) {
          best = d;
          at = (i + h) / 12;
          side = Math.sign((u - ax) * ey - (v - ay) * ex);
        }
      }
      return [best, at, side];
    };
    const px = 1 / height;
    for (const layer of [0, 1]) {
      for (let y = y0; y <= y1; y++) {
        for (let x = x0; x <= x1; x++) {
          const u = (x + 0.5 - width / 2) / height - (layer ? 0 : 0.022);
          const v = 0.5 - (y + 0.5) / height + (layer ? 0 : 0.03);
          const [d, s, side] = near(u, v);
          const i = (y * width + x) * 3;
          const wide = body(s) + tail(s);
          if (layer === 0) {
            const k = 1 - 0.42 * smooth(0.012, -0.008, d - wide);
            for (let c = 0; c < 3; c++) frame[i + c] *= k;
            continue;
          }
          const fin = smooth(px, -px, d - wide - fins(s)) * (s > 0.86 || d > wide ? 0.55 : 1);
          if (fin <= 0) continue;
          const across = clamp(d / (body(s) + 1e-6));
          const round = Math.sqrt(1 - 0.85 * across * across);
          const patch = smooth(0.5, 0.56, fbm2(s * 5 + f.salt, side * across * 1.1 + f.salt, 3, 6));
          const scales = 1 + 0.16 * Math.sin(s * 130 + side * across * 5) * Math.sin(across * 11) * smooth(0.12, 0.25, s);
          const eye = smooth(0.3, 0.15, Math.hypot((s - 0.06) * 14, across - 0.75));
          const gleam = 0.35 * smooth(0.35, 0.05, Math.abs(side * across + 0.25)) * smooth(0.95, 0.2, s);
          for (let c = 0; c < 3; c++) {
            const base = mix(f.skin[0][c], f.skin[1][c], patch) * (0.32 + 0.62 * round) * scales + gleam * 0.5;
            frame[i + c] = mix(frame[i + c], tone(mix(base, 0.01, eye)), fin);
          }
        }
      }
    }
  };

  return (frame, n) => {
    const time = n / 24;
    const pool = new Float32Array(width * height);
    fill(frame, width, height, (u, v, out) => {
      const light = caustic(u, v, time);
      const wx = 5 * Math.sin(v * 17 + time * 2) + 3 * Math.sin(u * 23 - time * 2.6);
      const wy = 4 * Math.sin(u * 15 + time * 1.7) + 3 * Math.cos(v * 21 + time * 2.2);
      const x = clamp(Math.floor(u * height + width / 2 + wx * 0.6), 0, width - 1);
      const y = clamp(Math.floor((0.5 - v) * height + wy * 0.6), 0, height - 1);
      const p = (y * width + x) * 3;
      const k = 0.55 + 1.5 * light;
      out[0] = floor[p] * k * 0.75 + 0.004;
      out[1] = floor[p + 1] * k + 0.022;
      out[2] = floor[p + 2] * k + 0.03;
      pool[Math.min(height - 1, Math.floor((0.5 - v) * height)) * width + Math.min(width - 1, Math.floor(u * height + width / 2))] = light;
    });
    for (const f of fish) drawFish(frame, f, time);
    for (let i = 0; i < width * height; i++) {
      const k = pool[i] * 20;
      for (let c = 0; c < 3; c++) frame[i * 3 + c] = Math.min(255, frame[i * 3 + c] + k);
    }
    for (const pad of pads) {
      const cx = pad.x + 0.006 * Math.sin(time * 1.1 + pad.notch);
      const cy = pad.y + 0.006 * Math.cos(time * 0.9 + pad.notch);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const dx = (x + 0.5 - width / 2) / height - cx;
          const dy = 0.5 - (y + 0.5) / height - cy;
          const d = Math.hypot(dx, dy) / pad.r;
          const i = (y * width + x) * 3;
          const fall = Math.hypot(dx - 0.03, dy + 0.04) / pad.r;
          const turn = Math.atan2(dy, dx) - pad.notch - 0.05 * Math.sin(time);
          const open = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
          const inside = smooth(1.02, 0.98, d) * smooth(0.16, 0.2, open + 0.1 * (1 - d));
          if (fall < 1.1 && inside < 1) {
            const k = 1 - 0.45 * smooth(1.1, 0.9, fall) * (1 - inside);
            for (let c = 0; c < 3; c++) frame[i + c] *= k;
          }
          if (inside <= 0) continue;
          const rib = Math.abs(Math.sin(turn * 7)) ** 14;
          const light = 0.55 + 0.3 * noise2(dx * 40, dy * 40, 9) + 0.28 * rib - 0.25 * smooth(0.8, 1, d) + 0.3 * dy / pad.r;
          const green = [0.1 + 0.12 * smooth(0.85, 1, d), 0.33, 0.07];
          for (let c = 0; c < 3; c++) frame[i + c] = mix(frame[i + c], tone(green[c] * light), inside);
        }
      }
    }
  };
}
