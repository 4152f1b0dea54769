import { mix, mix3, smooth } from '../num.mjs';
import { grid } from './mesh.mjs';

export const prompt = 'A tall fluted vase twisted like a shell, celadon glaze pooling dark in the grooves';
export const material = { metallic: 0, roughness: 0.25 };

const outline = (h) => 0.34 + 0.42 * Math.sin(Math.PI * (0.12 + 0.86 * h) ** 1.25) ** 1.4 + 0.2 * smooth(0.82, 1, h) - 0.05 * smooth(0.1, 0, h);

export function vase() {
  return grid(126, 56, true, false, (u, v) => {
    // The outline runs up the outside, over the lip, and down the inside to the bottom.
    const inside = v > 0.66;
    const foot = v < 0.04;
    const h = inside ? mix(1, 0.06, smooth(0.66, 0.98, v)) : smooth(0.04, 0.66, v);
    const closing = foot ? v / 0.04 : v > 0.98 ? (1 - v) / 0.02 : 1;
    const a = u * Math.PI * 2;
    const flute = Math.sin(9 * (a + 1.9 * h));
    const ripple = 0.1 * Math.abs(flute) ** 0.8 * smooth(0.02, 0.15, h);
    const lip = 0.05 * Math.sin(9 * (a + 1.9 * h)) * smooth(0.9, 1, h);
    const r = (outline(h) * (1 + ripple) - (inside ? 0.045 : 0)) * Math.max(0, closing);
    const pool = inside ? 0.4 : Math.abs(flute) ** 0.7;
    let colour = mix3([0.02, 0.16, 0.14], [0.42, 0.68, 0.55], pool);
    colour = mix3(colour, [0.72, 0.5, 0.24], smooth(0.93, 0.99, h));
    colour = mix3(colour, [0.3, 0.14, 0.07], smooth(0.09, 0.03, h));
    if (inside) colour = mix3(colour, [0.05, 0.12, 0.12], 0.6 * smooth(0.95, 0.5, h));
    return { position: [r * Math.cos(a), h * 2 - 1 + lip, -r * Math.sin(a)], colour };
  });
}
