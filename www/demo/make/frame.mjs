import { clamp } from './num.mjs';

/** Draws each of the frames with shade(u, v, out); u is 0 in the middle, v grows upwards and spans [-0.5, 0.5]. */
export function fill(frame, width, height, shade) {
  const out = [0, 0, 0];
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 3) {
      shade((x + 0.5 - width / 2) / height, 0.5 - (y + 0.5) / height, out);
      frame[p] = tone(out[0]);
      frame[p + 1] = tone(out[1]);
      frame[p + 2] = tone(out[2]);
    }
  }
}

/** A display value of linear light; the shoulder keeps highlights coloured. */
export const tone = (x) => Math.round(255 * clamp(1 - Math.exp(-1.35 * Math.max(0, x))) ** 0.4545);
