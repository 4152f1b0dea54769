import { clamp } from '../num.mjs';
import { prng } from '../prng.mjs';

/** A mask, in [0, 1], of near firs and a grassy bank seen against the light. */
export function firs(width, height, trees, seed) {
  const random = prng(seed);
  const mask = new Float32Array(width * height);
  const dab = (x, y, r, strength) => {
    for (let j = Math.floor(y - r - 1); j <= y + r + 1; j++) {
      for (let i = Math.floor(x - r - 1); i <= x + r + 1; i++) {
        if (i < 0 || j < 0 || i >= width || j >= height) continue;
        const cover = clamp(r + 0.5 - Math.hypot(i - x, j - y)) * strength;
        const p = j * width + i;
        mask[p] += (1 - mask[p]) * cover;
      }
    }
  };
  const stroke = (x, y, dx, dy, r0, r1, strength) => {
    const steps = Math.ceil(Math.hypot(dx, dy) / 0.8);
    for (let s = 0; s <= steps; s++) {
      const t = s / steps;
      dab(x + dx * t, y + dy * t, r0 + (r1 - r0) * t, strength);
    }
  };

  for (const [x, top, tall] of trees) {
    stroke(x, top, 0, tall, 0.5, tall * 0.016, 1);
    for (let v = 0.015; v < 1; v += 0.006 + 0.004 * random()) {
      const side = random() < 0.5 ? -1 : 1;
      const reach = tall * (0.012 + 0.21 * v ** 0.8) * (0.6 + 0.5 * random());
      const droop = 0.15 + 0.35 * v + 0.15 * random();
      const steps = Math.max(5, Math.round(reach / 2.2));
      for (let s = 0; s <= steps; s++) {
        const t = s / steps;
        const bx = x + side * reach * t;
        const by = top + v * tall + reach * (droop * t * (1.5 - 0.75 * t) + 0.03 * Math.sin(t * 9 + v * 50));
        dab(bx, by, 1.1 - 0.6 * t, 1);
        const needle = Math.min(reach * 0.35, 8 + 9 * v) * (1.15 - 0.6 * t);
        for (let n = 0; n < 4; n++) {
          const lean = side * (0.35 + 0.5 * random());
          const down = [0.9, -0.25, 1.2, 0.4][n];
          stroke(bx, by, needle * lean, needle * down * (0.6 + 0.5 * random()), 0.75, 0.3, 0.85);
        }
      }
    }
  }
  for (let x = 0; x < width; x += 0.7) {
    const bank = height * (0.965 - 0.035 * (Math.abs(x / width - 0.5) * 2) ** 2 + 0.006 * Math.sin(x * 0.013));
    stroke(x, bank, 0, height - bank, 0.8, 0.8, 1);
    stroke(x, bank, 9 * (random() - 0.4), -height * 0.026 * random() ** 2, 0.9, 0.2, 0.9);
  }
  return mask;
}
