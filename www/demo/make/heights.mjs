import { clamp } from './num.mjs';

/** A square grid of heights over [x0, x0 + size] x [z0, z0 + size]. */
export class Heights {
  constructor(n, x0, z0, size, height) {
    Object.assign(this, { n, x0, z0, size, scale: (n - 1) / size });
    this.data = new Float32Array(n * n);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) this.data[j * n + i] = height(x0 + i / this.scale, z0 + j / this.scale);
    }
  }

  at(x, z) {
    const gx = clamp((x - this.x0) * this.scale, 0, this.n - 1.001);
    const gz = clamp((z - this.z0) * this.scale, 0, this.n - 1.001);
    const i = Math.floor(gx);
    const j = Math.floor(gz);
    const u = gx - i;
    const v = gz - j;
    const p = j * this.n + i;
    const d = this.data;
    const near = d[p] + (d[p + 1] - d[p]) * u;
    const far = d[p + this.n] + (d[p + this.n + 1] - d[p + this.n]) * u;
    return near + (far - near) * v;
  }

  /** Raindrops that pick up soil where they run fast and drop it where they slow down. */
  erode(drops, random) {
    const { n, data } = this;
    const unit = this.scale;
    for (let k = 0; k < drops; k++) {
      let x = random() * (n - 3) + 1;
      let z = random() * (n - 3) + 1;
      let dx = 0;
      let dz = 0;
      let speed = 1;
      let water = 1;
      let soil = 0;
      for (let step = 0; step < 48; step++) {
        const i = Math.floor(x);
        const j = Math.floor(z);
        const u = x - i;
        const v = z - j;
        const p = j * n + i;
        const a = data[p] * unit;
        const b = data[p + 1] * unit;
        const c = data[p + n] * unit;
        const d = data[p + n + 1] * unit;
        const here = (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v;
        dx = dx * 0.1 - ((b - a) * (1 - v) + (d - c) * v) * 0.9;
        dz = dz * 0.1 - ((c - a) * (1 - u) + (d - b) * u) * 0.9;
        const length = Math.hypot(dx, dz);
        if (length < 1e-6) break;
        dx /= length;
        dz /= length;
        x += dx;
        z += dz;
        if (x < 1 || z < 1 || x > n - 3 || z > n - 3) break;
        const fall = this.at(this.x0 + x / unit, this.z0 + z / unit) * unit - here;
        const capacity = Math.max(-fall, 0.01) * speed * water * 4;
        const change =
          fall > 0 || soil > capacity
            ? -(fall > 0 ? Math.min(fall, soil) : (soil - capacity) * 0.3)
            : Math.min((capacity - soil) * 0.3, -fall);
        soil += change;
        const dig = change / unit;
        data[p] -= dig * (1 - u) * (1 - v);
        data[p + 1] -= dig * u * (1 - v);
        data[p + n] -= dig * (1 - u) * v;
        data[p + n + 1] -= dig * u * v;
        speed = Math.sqrt(Math.max(0, speed * speed - fall * 0.5));
        water *= 0.985;
      }
    }
    return this;
  }

  /** Mean with the neighbours: takes off the single-cell spikes that erosion leaves. */
  soften() {
    const { n, data } = this;
    const from = data.slice();
    for (let j = 1; j < n - 1; j++) {
      for (let i = 1; i < n - 1; i++) {
        const p = j * n + i;
        const cross = from[p - 1] + from[p + 1] + from[p - n] + from[p + n];
        const corners = from[p - n - 1] + from[p - n + 1] + from[p + n - 1] + from[p + n + 1];
        data[p] = from[p] * 0.25 + cross * 0.125 + corners * 0.0625;
      }
    }
    return this;
  }
}
