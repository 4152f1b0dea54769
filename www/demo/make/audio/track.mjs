import { clamp } from '../num.mjs';

export const RATE = 48000;

export const hertz = (midi) => 440 * 2 ** ((midi - 69) / 12);

/** Two channels of sound that notes are added to. */
export class Track {
  constructor(seconds) {
    this.length = Math.round(seconds * RATE);
    this.left = new Float32Array(this.length);
    this.right = new Float32Array(this.length);
  }

  /** Adds a mono sound at a time in seconds; pan runs from -1, left, to 1, right. */
  add(sound, at, gain = 1, pan = 0) {
    const start = Math.round(at * RATE);
    const l = gain * Math.cos(((pan + 1) * Math.PI) / 4);
    const r = gain * Math.sin(((pan + 1) * Math.PI) / 4);
    for (let i = Math.max(0, -start); i < sound.length && start + i < this.length; i++) {
      this.left[start + i] += sound[i] * l;
      this.right[start + i] += sound[i] * r;
    }
    return this;
  }

  /** A hall of eight feedback lines, each with its highs damped. */
  reverb(amount, decay = 0.82, damp = 0.35) {
    const lines = [1423, 1777, 2137, 2473, 2903, 3257, 3631, 4027].map((n) => ({ buffer: new Float32Array(n), at: 0, low: 0 }));
    const out = new Float32Array(8);
    for (let i = 0; i < this.length; i++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) {
        const line = lines[k];
        line.low += (line.buffer[line.at] - line.low) * (1 - damp);
        out[k] = line.low;
        sum += line.low;
      }
      let wetLeft = 0;
      let wetRight = 0;
      for (let k = 0; k < 8; k++) {
        const line = lines[k];
        line.buffer[line.at] = (k % 2 ? this.right[i] : this.left[i]) + (out[k] - sum / 4) * decay;
        line.at = (line.at + 1) % line.buffer.length;
        if (k % 2) wetRight += out[k];
        else wetLeft += out[k];
      }
      this.left[i] += wetLeft * amount * 0.5;
      this.right[i] += wetRight * amount * 0.5;
    }
    return this;
  }

  /** Interleaved 16-bit samples at full level, faded at both ends. */
  master(fade = 0.9) {
    let peak = 0;
    for (let i = 0; i < this.length; i++) peak = Math.max(peak, Math.abs(this.left[i]), Math.abs(this.right[i]));
    const bytes = Buffer.alloc(this.length * 4);
    for (let i = 0; i < this.length; i++) {
      const edge = Math.min(1, i / (0.005 * RATE), (this.length - i) / (fade * RATE));
      const k = (0.89 / peak) * edge;
      bytes.writeInt16LE(Math.round(32767 * clamp(this.left[i] * k, -1, 1)), i * 4);
      bytes.writeInt16LE(Math.round(32767 * clamp(this.right[i] * k, -1, 1)), i * 4 + 2);
    }
    return bytes;
  }
}
