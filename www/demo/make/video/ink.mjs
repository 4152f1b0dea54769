import { fill } from '../frame.mjs';
import { fbm2 } from '../noise.mjs';
import { clamp, mix3, smooth } from '../num.mjs';

export const prompt = 'Gold and turquoise ink marbling on dark water, drifting slowly inwards';

const DEEP = [0.006, 0.02, 0.055];
const TEAL = [0.02, 0.3, 0.36];
const FOAM = [0.6, 0.85, 0.8];
const GOLD = [1.0, 0.55, 0.12];
const ROSE = [0.55, 0.05, 0.16];

export function ink(width, height) {
  const field = new Float32Array(width * height);
  return (frame, n) => {
    const time = n / 24;
    const zoom = 1.08 ** -time * 1.5;
    const turn = time * 0.05;
    const c = Math.cos(turn) * zoom;
    const s = Math.sin(turn) * zoom;
    let p = 0;
    const shade = (u, v, out) => {
      const x = u * c - v * s;
      const y = u * s + v * c;
      const ax = fbm2(x + 0.12 * time, y + 1.7, 4, 1);
      const ay = fbm2(x + 5.2, y - 0.1 * time, 4, 2);
      const bx = fbm2(x + 3.4 * ax + 0.16 * time, y + 3.4 * ay + 9.2, 4, 3);
      const by = fbm2(x + 3.4 * ax + 8.3, y + 3.4 * ay - 0.12 * time, 4, 4);
      const f = fbm2(x + 3.2 * bx, y + 3.2 * by, 5, 5);
      const band = 0.5 + 0.5 * Math.sin(f * 34 + ax * 9);
      let colour = mix3(DEEP, TEAL, smooth(0.3, 0.65, f));
      colour = mix3(colour, ROSE, smooth(0.5, 0.72, ay) * 0.85);
      colour = mix3(colour, GOLD, smooth(0.52, 0.66, bx) * smooth(0.35, 0.9, band));
      colour = mix3(colour, FOAM, smooth(0.8, 1, band) * smooth(0.54, 0.44, bx) * 0.75);
      // The step from the pixel to the left stands for a slope lit from the side.
      const rise = p % width ? f - field[p - 1] : 0;
      field[p++] = f;
      const light = clamp(1 + rise * 20, 0.4, 2);
      for (let i = 0; i < 3; i++) out[i] = colour[i] * light;
    };
    fill(frame, width, height, shade);
  };
}
