import { clamp } from './num.mjs';

/** A picture of linear light, three floats a pixel. */
export class Picture {
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.data = new Float32Array(width * height * 3);
  }

  /** Calls shade(x, y, out) at n x n points of each pixel, in pixel units, and keeps the mean. */
  render(n, shade) {
    const out = [0, 0, 0];
    for (let y = 0, p = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++, p += 3) {
        let r = 0;
        let g = 0;
        let b = 0;
        for (let s = 0; s < n * n; s++) {
          shade(x + ((s % n) + 0.5) / n, y + (Math.floor(s / n) + 0.5) / n, out);
          // One very bright sample would leave a jagged edge after tone mapping.
          r += Math.min(out[0], 4);
          g += Math.min(out[1], 4);
          b += Math.min(out[2], 4);
        }
        this.data[p] = r / (n * n);
        this.data[p + 1] = g / (n * n);
        this.data[p + 2] = b / (n * n);
      }
    }
    return this;
  }

  /** Adds light bleeding out of the brightest parts. */
  bloom(threshold, radius, amount) {
    const bright = this.data.map((v) => Math.max(0, v - threshold));
    blur(bright, this.width, this.height, radius);
    for (let i = 0; i < bright.length; i++) this.data[i] += bright[i] * amount;
    return this;
  }

  /** Mean over blocks of n x n pixels. */
  shrink(n) {
    const small = new Picture(this.width / n, this.height / n);
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const to = (Math.floor(y / n) * small.width + Math.floor(x / n)) * 3;
        const from = (y * this.width + x) * 3;
        for (let c = 0; c < 3; c++) small.data[to + c] += this.data[from + c] / (n * n);
      }
    }
    return small;
  }

  /** Eight-bit sRGB, through a filmic curve. */
  develop(exposure = 1, vignette = 0.25) {
    const bytes = Buffer.alloc(this.data.length);
    for (let y = 0, p = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const u = (x / this.width - 0.5) * 2;
        const v = (y / this.height - 0.5) * 2;
        const k = exposure * (1 - vignette * (u * u + v * v) * 0.5);
        for (let c = 0; c < 3; c++, p++) bytes[p] = Math.round(255 * encode(film(this.data[p] * k)));
      }
    }
    return bytes;
  }
}

const film = (x) => clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14));
const encode = (x) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);

/** Three passes of a box, near enough to a Gaussian; in place. */
export function blur(data, width, height, radius) {
  const line = new Float32Array(Math.max(width, height));
  const pass = (start, step, count) => {
    let sum = 0;
    const at = (i) => data[start + clamp(i, 0, count - 1) * step];
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < count; i++) {
      line[i] = sum / (2 * radius + 1);
      sum += at(i + radius + 1) - at(i - radius);
    }
    for (let i = 0; i < count; i++) data[start + i * step] = line[i];
  };
  for (let c = 0; c < 3; c++) {
    for (let n = 0; n < 3; n++) {
      for (let y = 0; y < height; y++) pass(y * width * 3 + c, 3, width);
      for (let x = 0; x < width; x++) pass(x * 3 + c, width * 3, height);
    }
  }
}
