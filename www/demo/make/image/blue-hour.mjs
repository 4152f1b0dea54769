import { fbm2, noise2 } from '../noise.mjs';
import { clamp, mix, norm3, smooth } from '../num.mjs';
import { Picture } from '../picture.mjs';
import { hash } from '../prng.mjs';

export const prompt = 'A harbour city at blue hour, lit windows and a suspension bridge mirrored in the water, long exposure';

const EYE = [0, 0.85, -17];
const BRIDGE_Z = -5;
const TOWERS = [-5.6, 4.4];
const SPAN = TOWERS[1] - TOWERS[0];
const LIGHTS = [
  [1.0, 0.5, 0.16],
  [1.0, 0.64, 0.3],
  [0.95, 0.8, 0.55],
  [0.5, 0.75, 1.0],
];

/** The stacked boxes of one city block: [half width, half depth, bottom, top] each, wide ones first. */
function block(i, j) {
  const x = i + 0.5;
  const centre = Math.exp(-(((x - 1.6) / 3.2) ** 2)) + 0.62 * Math.exp(-(((x + 7.5) / 2.6) ** 2)) + 0.45 * Math.exp(-(((x - 10) / 2.4) ** 2));
  const r = hash(i, j, 1);
  const tall = 0.35 + 0.7 * hash(i, j, 2) + (centre + 0.12) * (0.6 + 5.2 * r * r) * (0.55 + 0.055 * j);
  const w = 0.27 + 0.16 * hash(i, j, 3);
  const d = 0.27 + 0.16 * hash(i, j, 4);
  const boxes = [[w, d, 0, tall]];
  const style = hash(i, j, 5);
  if (tall > 1.6 && style > 0.3) {
    boxes[0][3] = tall * 0.72;
    boxes.push([w * 0.78, d * 0.78, tall * 0.72, tall * 0.9], [w * 0.5, d * 0.5, tall * 0.9, tall]);
  }
  if (tall > 2.3 && style > 0.45) boxes.push([0.018, 0.018, tall, tall * 1.17]);
  boxes.push([0.07 + 0.06 * style, 0.1, tall, tall + 0.07]);
  return { boxes, i, j };
}

export function blueHour() {
  const blocks = new Map();
  for (let j = 0; j < 14; j++) for (let i = -26; i < 26; i++) blocks.set(j * 100 + i, block(i, j));

  const sky = (d, out) => {
    const up = Math.max(0, d[1]);
    const low = Math.exp(-up * 6.5);
    const glow = Math.exp(-((d[0] - 0.25) ** 2) * 4) * Math.exp(-up * 9);
    out[0] = mix(0.018, 0.2, low) + 0.85 * glow;
    out[1] = mix(0.06, 0.17, low) + 0.33 * glow;
    out[2] = mix(0.2, 0.3, low) + 0.1 * glow;
    const k = 1 / (up + 0.14);
    const x = d[0] * k;
    const cloud = smooth(0.47, 0.75, fbm2(x * 0.7 + 4, k * 1.7, 6, 11)) * smooth(0, 0.1, up) * smooth(0.75, 0.2, up);
    const rim = smooth(0.9, 0.45, fbm2(x * 0.7 + 4, k * 1.7 + 0.15, 6, 11));
    out[0] = mix(out[0], 0.1 + (0.3 * low + 0.55 * glow) * rim + 0.11 * low, cloud * 0.8);
    out[1] = mix(out[1], 0.1 + (0.13 * low + 0.2 * glow) * rim + 0.05 * low, cloud * 0.8);
    out[2] = mix(out[2], 0.2 + 0.1 * low * rim, cloud * 0.8);
  };

  // Lit rooms behind a facade: u runs along it, v up.
  const windows = (u, v, i, j, face, top, out) => {
    const wide = 0.075 + 0.05 * hash(i, j, 20);
    const high = 0.085 + 0.04 * hash(i, j, 21);
    const ci = Math.floor(u / wide);
    const cj = Math.floor(v / high);
    const fu = u / wide - ci;
    const fv = v / high - cj;
    const strip = hash(i, j, 22) > 0.6 ? 0.02 : 0.17;
    const pane = smooth(strip, strip + 0.12, Math.min(fu, 1 - fu)) * smooth(0.16, 0.26, Math.min(fv, 1 - fv));
    const busy = 0.22 + 0.5 * hash(i, j, 23) + 0.3 * (hash(cj, i * 31 + j, 24) - 0.5);
    if (hash(ci * 7 + face, cj + i * 131, j + 25) > busy) return;
    const light = LIGHTS[Math.min(3, Math.floor((hash(i, j, 26) * 0.75 + 0.3 * hash(ci, cj, 27)) * 4))];
    const power = pane * (0.35 + 1.5 * hash(ci + 3, cj, i + 28) ** 2) * (v < top - 0.06 ? 1 : 0);
    for (let c = 0; c < 3; c++) out[c] += light[c] * power;
  };

  const city = (o, d, out) => {
    let i = Math.floor(o[0] + d[0] * (-o[2] / d[2]));
    for (let j = 0; j < 14; j++) {
      const far = (j + 1 - o[2]) / d[2];
      const last = Math.floor(o[0] + d[0] * far);
      const step = Math.sign(last - i);
      for (;;) {
        const b = blocks.get(j * 100 + i);
        if (b && hitBlock(b, o, d, out)) return true;
        if (i === last) break;
        i += step;
      }
    }
    return false;
  };

  const hitBlock = ({ boxes, i, j }, o, d, out) => {
    const cx = i + 0.5;
    const cz = j + 0.5;
    let t = Infinity;
    let face = 0;
    let top = 0;
    for (const [w, dp, low, high] of boxes) {
      const ax = (cx - Math.sign(d[0]) * w - o[0]) / d[0];
      const bx = (cx + Math.sign(d[0]) * w - o[0]) / d[0];
      const az = (cz - dp - o[2]) / d[2];
      const bz = (cz + dp - o[2]) / d[2];
      const enter = Math.max(ax, az);
      if (enter > Math.min(bx, bz) || enter >= t) continue;
      const y = o[1] + d[1] * enter;
      if (y < low || y > high) continue;
      t = enter;
      face = az > ax ? 0 : 1;
      top = high;
    }
    if (t === Infinity) return false;
    const x = o[0] + d[0] * t;
    const y = o[1] + d[1] * t;
    const z = o[2] + d[2] * t;
    const tint = hash(i, j, 30);
    const sheen = face === 0 ? 0.09 + 0.05 * smooth(0, 5, y) : 0.06 + 0.26 * smooth(0, 4, y);
    out[0] = sheen * mix(0.42, 0.75, tint) * (face ? 1.5 : 1);
    out[1] = sheen * mix(0.55, 0.65, tint);
    out[2] = sheen * mix(1.15, 0.85, tint);
    windows(face === 0 ? x - cx + 9 : z - cz + 9, y, i, j, face, top, out);
    const street = Math.exp(-y * 5) * 0.5;
    out[0] += street * 1.0;
    out[1] += street * 0.55;
    out[2] += street * 0.22;
    if (top > 2.2 && y > top - 0.07 && hash(i, j, 31) > 0.4) {
      const crown = LIGHTS[Math.floor(hash(i, j, 32) * 4)];
      for (let c = 0; c < 3; c++) out[c] += crown[c] * 1.2;
    }
    const haze = 1 - Math.exp(-Math.max(0, t - 15) * 0.035);
    out[0] = mix(out[0], 0.2, haze);
    out[1] = mix(out[1], 0.125, haze);
    out[2] = mix(out[2], 0.24, haze);
    return true;
  };

  // Roadway, pylons, cables and lamps, all in one upright plane; returns how much they cover.
  const bridge = (x, y, out) => {
    const deck = 0.62 + 0.12 * Math.cos((x - 0.6) * 0.13);
    let cover = 0;
    let r = 0.035;
    let g = 0.045;
    let b = 0.085;
    for (const tower of TOWERS) {
      const dx = Math.abs(x - tower);
      const leg = Math.abs(dx - 0.13);
      if (y < 2.75 && (leg < 0.045 || (dx < 0.17 && (Math.abs(y - 2.68) < 0.06 || Math.abs(y - 1.75) < 0.045)))) {
        cover = 1;
        const lit = Math.exp(-Math.abs(y - deck) * 1.1) * (y > deck ? 0.75 : 0.25) + 0.08;
        r += lit * 0.9;
        g += lit * 0.62;
        b += lit * 0.42;
      }
      if (y > 2.75 && y < 2.79 && dx < 0.03) {
        cover = 1;
        r = 3.5;
        g = 0.3;
        b = 0.2;
      }
    }
    const middle = (TOWERS[0] + TOWERS[1]) / 2;
    const inside = x > TOWERS[0] && x < TOWERS[1];
    const off = inside ? (x - middle) / (SPAN / 2) : 0;
    const away = Math.min(Math.abs(x - TOWERS[0]), Math.abs(x - TOWERS[1])) / (SPAN * 0.62);
    const cable = inside ? deck + 0.16 + (2.7 - deck - 0.16) * off * off : deck + (2.7 - deck) * Math.max(0, 1 - away) ** 1.6;
    if (y > deck && y < cable) {
      const h = Math.abs(x / 0.24 - Math.round(x / 0.24)) * 0.24;
      cover = Math.max(cover, 0.55 * smooth(0.014, 0.006, h));
    }
    if (Math.abs(y - cable) < 0.02) {
      cover = 1;
      const bead = Math.abs(x / 0.24 - Math.round(x / 0.24)) * 0.24;
      if (bead < 0.03) {
        r = 1.6;
        g = 1.5;
        b = 1.3;
      }
    }
    if (y < deck && y > deck - 0.1) {
      cover = 1;
      if (y > deck - 0.025) {
        r = 0.5;
        g = 0.3;
        b = 0.14;
      }
    }
    const lamp = Math.abs(x / 0.48 - Math.round(x / 0.48)) * 0.48;
    if (lamp * lamp + (y - deck - 0.09) ** 2 < 0.0009) {
      cover = 1;
      r = 4;
      g = 2.5;
      b = 1.1;
    }
    if (cover > 0) {
      out[0] = mix(out[0], r, cover);
      out[1] = mix(out[1], g, cover);
      out[2] = mix(out[2], b, cover);
    }
  };

  const view = (o, d, out) => {
    if (!city(o, d, out)) sky(d, out);
    if (o[2] < BRIDGE_Z) {
      const t = (BRIDGE_Z - o[2]) / d[2];
      const y = o[1] + d[1] * t;
      if (y > 0 && y < 3) bridge(o[0] + d[0] * t, y, out);
    }
  };

  const seen = [0, 0, 0];
  return new Picture(640, 480).render(3, (px, py, out) => {
    const d = norm3([(px - 300) / 720 + 1e-7, (338 - py) / 720, 1]);
    const t = d[1] < 0 ? -EYE[1] / d[1] : Infinity;
    const z = EYE[2] + d[2] * t;
    if (z > -0.4) {
      view(EYE, d, out);
      if (d[1] < 0 && z < 0) {
        out[0] += 0.2;
        out[1] += 0.1;
        out[2] += 0.04;
      }
      return;
    }
    const x = EYE[0] + d[0] * t;
    // The swell is stretched in depth, which draws each lamp out into a streak.
    const swell = fbm2(x * 2.2, z * 5.5, 3, 50) - 0.5;
    const ripple = noise2(x * 9, z * 24, 55) - 0.5;
    const glitter = hash(Math.floor(px * 3), Math.floor(py * 3), 56) - 0.5;
    const r = norm3([
      d[0] + 0.012 * ripple + 0.006 * glitter,
      Math.max(0.004, -d[1] + 0.05 * swell + 0.03 * ripple + 0.035 * glitter),
      d[2],
    ]);
    seen[0] = seen[1] = seen[2] = 0;
    view([x, 0, z], r, seen);
    const fresnel = 0.14 + 0.8 * (1 - clamp(-d[1])) ** 6;
    out[0] = mix(0.006, seen[0], fresnel);
    out[1] = mix(0.018, seen[1], fresnel);
    out[2] = mix(0.045, seen[2], fresnel);
  }).bloom(0.65, 4, 0.35).bloom(0.7, 16, 0.3).develop(1.0, 0.4);
}
