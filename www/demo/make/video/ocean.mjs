import { fill } from '../frame.mjs';
import { fbm2 } from '../noise.mjs';
import { mix, smooth } from '../num.mjs';
import { prng } from '../prng.mjs';

export const prompt = 'Evening swell rolling towards the camera, the low sun breaking into glitter, gulls far off';

const HORIZON = 0.12;
const SUN = [0.22, 0.19];

export function ocean(width, height) {
  const random = prng(31);
  const waves = [];
  for (let n = 0; n < 26; n++) {
    const k = 1.1 * 1.22 ** n;
    const a = (random() - 0.5) * 1.9;
    // Deep water: short waves are slower than long ones.
    waves.push({ kx: k * Math.sin(a), kz: k * Math.cos(a), speed: Math.sqrt(9.8 * k) * 0.55, steep: 0.034 + 0.02 * random(), phase: random() * 7 });
  }
  const clouds = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x - width / 2) / height;
      const up = Math.max(0.01, 0.5 - y / height - HORIZON) + 0.06;
      clouds[y * width + x] = smooth(0.48, 0.72, fbm2((u * 0.3) / up, 0.55 / up, 6, 3));
    }
  }
  const sky = (u, up, cloud, out) => {
    const low = Math.exp(-up * 6);
    const far = Math.hypot(u - SUN[0], up + HORIZON - SUN[1]);
    const glow = Math.exp(-far * 5);
    out[0] = mix(0.1, 0.75, low) + 0.9 * glow;
    out[1] = mix(0.16, 0.3, low) + 0.42 * glow;
    out[2] = mix(0.36, 0.25, low) + 0.1 * glow;
    out[0] = mix(out[0], 0.35 + 1.3 * glow, cloud * 0.7);
    out[1] = mix(out[1], 0.16 + 0.5 * glow, cloud * 0.7);
    out[2] = mix(out[2], 0.22 + 0.15 * glow, cloud * 0.7);
    if (far < 0.045) for (let c = 0; c < 3; c++) out[c] += [5, 3.4, 1.6][c] * smooth(0.045, 0.04, far);
  };
  const gulls = Array.from({ length: 5 }, () => ({ x: random() * 1.4 - 0.7, y: 0.22 + 0.18 * random(), s: 0.012 + 0.012 * random(), f: 5 + 3 * random() }));

  return (frame, n) => {
    const time = n / 24;
    fill(frame, width, height, (u, v, out) => {
      if (v >= HORIZON) {
        const p = Math.min(height - 1, Math.floor((0.5 - v) * height)) * width + Math.min(width - 1, Math.floor(u * height + width / 2));
        sky(u, v - HORIZON, clouds[p], out);
        for (const g of gulls) {
          const x = Math.abs(u - g.x - 0.035 * time) / g.s;
          const flap = 0.5 + 0.4 * Math.sin(time * g.f + g.x * 9);
          const bird = x < 1 ? smooth(0.2, 0.08, Math.abs((v - g.y) / g.s - flap * (x - 0.6 * x * x * x))) : 0;
          for (let c = 0; c < 3; c++) out[c] *= 1 - 0.85 * bird;
        }
        return;
      }
      const fall = HORIZON - v;
      const z = 0.62 / fall;
      const x = u * z;
      let gx = 0;
      let gz = 0;
      let h = 0;
      for (const w of waves) {
        // Waves smaller than a pixel would only flicker.
        const k = Math.hypot(w.kx, w.kz);
        const fade = 1 - smooth(0.9, 2.6, (k * z * z) / 170);
        if (fade <= 0) continue;
        const a = w.kx * x + w.kz * z + w.speed * time + w.phase;
        const c = Math.cos(a) * w.steep * fade;
        gx += (c * w.kx) / k;
        gz += (c * w.kz) / k;
        h += (Math.sin(a) * w.steep * fade) / k;
      }
      const slope = gz * 2.1;
      const up = Math.max(0.005, fall * 0.9 + slope * 0.55 + 0.06);
      sky(u + gx * 0.9, up, 0, out);
      const fresnel = Math.min(1, 0.1 + 0.9 * Math.exp(-Math.max(0, fall * 2.2 - slope * 1.6)));
      const crest = smooth(0.0, 0.09, h) * smooth(0.05, 0.3, fall);
      out[0] = mix(0.01 + 0.06 * crest, out[0], fresnel);
      out[1] = mix(0.06 + 0.2 * crest, out[1], fresnel);
      out[2] = mix(0.1 + 0.19 * crest, out[2], fresnel);
      const lane = Math.exp(-(((u - SUN[0] + gx * 0.8) / (0.03 + fall * 0.25)) ** 2));
      const glint = smooth(0.03, 0.16, slope + 0.5 * Math.abs(gx) - 0.05 + 0.1 * lane) * lane;
      out[0] += 2.2 * glint;
      out[1] += 1.2 * glint;
      out[2] += 0.4 * glint;
      const foam = smooth(0.14, 0.24, h + 0.25 * slope) * smooth(0.1, 0.3, fall) * fbm2(x * 14, z * 14 + time * 2, 3, 8);
      for (let c = 0; c < 3; c++) out[c] += [0.75, 0.6, 0.55][c] * foam;
    });
  };
}
