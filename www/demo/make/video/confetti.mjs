import { fill, tone } from '../frame.mjs';
import { clamp, mix, smooth } from '../num.mjs';
import { prng } from '../prng.mjs';

export const prompt = 'Paper confetti tumbling through stage light, every colour, slow motion';

const COLOURS = [
  [0.95, 0.1, 0.18],
  [1.0, 0.5, 0.05],
  [1.0, 0.8, 0.1],
  [0.1, 0.7, 0.35],
  [0.05, 0.45, 0.95],
  [0.5, 0.2, 0.9],
  [0.98, 0.3, 0.6],
  [0.9, 0.9, 0.95],
];

export function confetti(width, height) {
  const random = prng(77);
  const pieces = Array.from({ length: 420 }, () => ({
    x: random() * 2.4 - 1.2,
    y: random() * 1.5,
    z: 0.45 + 1.5 * random() ** 0.8,
    fall: 0.2 + 0.16 * random(),
    sway: 0.05 + 0.07 * random(),
    spin: [(random() - 0.5) * 9, (random() - 0.5) * 7, (random() - 0.5) * 4],
    turn: [random() * 7, random() * 7, random() * 7],
    w: 0.014 + 0.01 * random(),
    h: 0.026 + 0.016 * random(),
    colour: COLOURS[Math.floor(random() * COLOURS.length)],
  })).sort((a, b) => b.z - a.z);

  return (frame, n) => {
    const time = n / 24;
    fill(frame, width, height, (u, v, out) => {
      const base = 0.03 + 0.1 * smooth(0.9, 0, Math.hypot(u, v + 0.55));
      out[0] = base * 1.1;
      out[1] = base * 0.5;
      out[2] = base * 2.2;
      for (let b = 0; b < 4; b++) {
        const foot = (b - 1.5) * 0.42;
        const lean = 0.45 * Math.sin(time * 0.8 + b * 1.9);
        const d = (u - foot - lean * (0.6 - v)) / (0.03 + 0.16 * (0.6 - v));
        const beam = Math.exp(-d * d * 1.5) * (0.32 + 0.4 * (v + 0.5));
        out[0] += beam * [0.75, 0.15, 0.9, 0.2][b] * 0.6;
        out[1] += beam * [0.25, 0.5, 0.3, 0.45][b] * 0.6;
        out[2] += beam * [0.55, 1.0, 0.3, 0.9][b] * 0.6;
      }
    });
    for (const p of pieces) {
      const k = 1 / p.z;
      const a = p.turn.map((t, i) => t + p.spin[i] * time);
      const y = (((p.y - p.fall * time) % 1.5) + 1.5) % 1.5;
      const cx = width / 2 + (p.x + p.sway * Math.sin(time * 2.4 + p.turn[0])) * k * height * 0.9;
      const cy = height / 2 - (y - 0.75) * k * height;
      const [ca, sa, cb, sb, cc, sc] = a.flatMap((t) => [Math.cos(t), Math.sin(t)]);
      const ax = cb * cc * p.w * k * height;
      const ay = cb * sc * p.w * k * height;
      const bx = (sa * sb * cc - ca * sc) * p.h * k * height;
      const by = (sa * sb * sc + ca * cc) * p.h * k * height;
      const det = ax * by - ay * bx;
      const nz = Math.abs(det) / (p.w * p.h * k * k * height * height);
      if (nz < 0.03) continue;
      const shine = smooth(0.93, 1, nz) * 1.1;
      const light = (0.35 + 0.75 * Math.abs(Math.sin(a[0] + 0.7))) * clamp(1.25 - 0.38 * p.z);
      // Near pieces are out of focus.
      const soft = p.z < 0.75 ? (0.75 - p.z) * 12 : 0.6;
      const r = Math.hypot(ax, ay) + Math.hypot(bx, by) + soft;
      const la = Math.hypot(ax, ay) * 1.0;
      const lb = Math.hypot(bx, by);
      for (let py = Math.max(0, Math.floor(cy - r)); py <= Math.min(height - 1, cy + r); py++) {
        for (let px = Math.max(0, Math.floor(cx - r)); px <= Math.min(width - 1, cx + r); px++) {
          const dx = px - cx;
          const dy = py - cy;
          const s = (dx * by - dy * bx) / det;
          const t = (ax * dy - ay * dx) / det;
          const scale = nz * 1.1;
          const cover = smooth(-soft, soft, (1 - Math.abs(s)) * la * scale) * smooth(-soft, soft, (1 - Math.abs(t)) * lb * scale);
          if (cover < 0.01) continue;
          const i = (py * width + px) * 3;
          for (let c = 0; c < 3; c++) frame[i + c] = Math.round(mix(frame[i + c], tone(p.colour[c] * light + shine), cover));
        }
      }
    }
  };
}
