import { fbm2, ridged2 } from '../noise.mjs';
import { mix, mix3, smooth } from '../num.mjs';
import { prng } from '../prng.mjs';
import { grid, join } from './mesh.mjs';

export const prompt = 'A floating island with a snow-topped crag, meadows and fir trees, roots of rock hanging below';
export const material = { metallic: 0, roughness: 0.85 };

const edge = (a) => 1 + 0.24 * (fbm2(2 + Math.cos(a) * 1.5, 2 + Math.sin(a) * 1.5, 4, 5) - 0.5) * 2;

function top(x, z) {
  const crag = Math.exp(-(((x + 0.28) ** 2 + (z + 0.2) ** 2) / 0.12));
  return 0.09 * fbm2(x * 3 + 7, z * 3, 4, 8) + crag * (0.5 + 1.1 * ridged2(x * 1.5 + 4, z * 1.5, 5, 9)) + 0.02;
}

function land() {
  return grid(112, 56, true, false, (u, v) => {
    const a = u * Math.PI * 2;
    const below = v > 0.62;
    const t = below ? (1 - v) / 0.38 : v / 0.62;
    const r = edge(a) * (below ? t ** 0.75 : t);
    const x = r * Math.cos(a);
    const z = r * Math.sin(a);
    if (below) {
      const hang = 0.25 + 1.5 * ridged2(x * 1.4 + 9, z * 1.4 + 2, 4, 20);
      const y = -hang * (1 - t) ** 0.8 * 1.25;
      const layer = 0.5 + 0.5 * Math.sin(y * 24 + 3 * fbm2(x * 3, z * 3, 2, 21));
      return { position: [x, y, -z], colour: mix3([0.12, 0.07, 0.045], [0.3, 0.2, 0.13], layer) };
    }
    const y = mix(top(x, z), 0, smooth(0.93, 1, t));
    const e = 0.015;
    const steep = Math.hypot(top(x + e, z) - top(x - e, z), top(x, z + e) - top(x, z - e)) / (2 * e);
    let colour = mix3([0.09, 0.27, 0.04], [0.24, 0.4, 0.07], fbm2(x * 5, z * 5, 3, 22));
    colour = mix3(colour, [0.3, 0.27, 0.25], smooth(0.9, 1.6, steep));
    colour = mix3(colour, [0.9, 0.92, 0.95], smooth(0.5, 0.68, y));
    return { position: [x, y, -z], colour };
  });
}

function fir(x, z, tall) {
  const base = top(x, z);
  return grid(9, 9, true, false, (u, v) => {
    const a = u * Math.PI * 2;
    const crown = Math.max(0, (v - 0.22) / 0.78);
    const tier = crown > 0 ? (1 - crown) * (0.7 + 0.3 * (1 - ((crown * 3) % 1))) : 0.14;
    const r = v === 0 ? 0.05 * tall : v === 1 ? 0 : tall * 0.3 * tier;
    const colour = crown > 0 ? mix3([0.015, 0.09, 0.04], [0.06, 0.24, 0.08], crown) : [0.12, 0.06, 0.03];
    return { position: [x + r * Math.cos(a), base + tall * v - 0.01, -(z + r * Math.sin(a))], colour };
  });
}

export function island() {
  const random = prng(9);
  const firs = [];
  while (firs.length < 16) {
    const a = random() * 7;
    const r = 0.35 + 0.5 * random();
    const x = r * Math.cos(a);
    const z = r * Math.sin(a);
    if (top(x, z) < 0.2) firs.push(fir(x, z, 0.2 + 0.16 * random()));
  }
  return join([land(), ...firs]);
}
