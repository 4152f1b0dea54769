import { RATE, hertz } from './track.mjs';

const sound = (seconds, at) => {
  const out = new Float32Array(Math.round(seconds * RATE));
  for (let i = 0; i < out.length; i++) out[i] = at(i / RATE, i);
  return out;
};

/** A plucked string (Karplus and Strong): a burst of noise that goes round a damped delay. */
export function pluck(midi, seconds, random, bright = 0.5) {
  const period = RATE / hertz(midi) - 0.5;
  const n = Math.floor(period);
  const tune = (1 - (period - n)) / (1 + (period - n));
  const line = new Float32Array(n);
  let soft = 0;
  for (let i = 0; i < n; i++) {
    soft += (random() * 2 - 1 - soft) * (0.25 + 0.75 * bright);
    line[i] = soft;
  }
  let at = 0;
  let previous = 0;
  let passIn = 0;
  let passOut = 0;
  const loss = 0.9985 - 0.0025 * (1 - bright);
  return sound(seconds, () => {
    const now = line[at];
    const mean = (now + previous) * 0.5 * loss;
    previous = now;
    passOut = tune * mean + passIn - tune * passOut;
    passIn = mean;
    line[at] = passOut;
    at = (at + 1) % n;
    return now;
  });
}

/** A bell: a few partials that are not in tune, the high ones gone first. */
export function bell(midi, seconds) {
  const f = hertz(midi);
  const partials = [[1, 1, 1], [2.0, 0.55, 1.4], [2.76, 0.4, 2.2], [4.07, 0.28, 3.2], [5.4, 0.22, 4.4], [8.93, 0.16, 8], [11.34, 0.1, 12]];
  return sound(seconds, (t) => {
    let sum = 0;
    for (const [ratio, gain, fade] of partials) sum += gain * Math.sin(2 * Math.PI * f * ratio * t) * Math.exp(-t * fade * 1.6);
    return sum * Math.min(1, t * 900) * 0.5;
  });
}

/** Bowed strings: seven saw waves a little apart, with a slow attack. */
export function strings(midi, seconds, random, attack = 0.35, bright = 0.25) {
  const voices = Array.from({ length: 7 }, (_, n) => ({
    step: (hertz(midi) * (1 + (n - 3) * 0.0021)) / RATE,
    phase: random(),
    drift: 4.5 + random(),
  }));
  let low = 0;
  let low2 = 0;
  return sound(seconds, (t) => {
    let sum = 0;
    for (const v of voices) {
      v.phase += v.step * (1 + 0.0025 * Math.sin(2 * Math.PI * v.drift * t));
      v.phase -= Math.floor(v.phase);
      sum += 2 * v.phase - 1;
    }
    const shape = Math.min(1, t / attack) * Math.min(1, (seconds - t) / 0.4);
    const open = bright * (0.35 + 0.65 * shape);
    low += (sum / 7 - low) * open;
    low2 += (low - low2) * open;
    return low2 * shape;
  });
}

/** An electric piano: one sine that bends another. */
export function keys(midi, seconds, touch = 1) {
  const w = 2 * Math.PI * hertz(midi);
  return sound(seconds, (t) => {
    const tine = Math.sin(w * 14 * t) * Math.exp(-t * 9) * 0.22 * touch;
    const body = Math.sin(w * t + 1.3 * touch * Math.exp(-t * 2.4) * Math.sin(w * t) + tine);
    return body * Math.exp(-t * 1.5) * Math.min(1, t * 500) * (1 + 0.18 * Math.sin(2 * Math.PI * 5.2 * t));
  });
}

export function bass(midi, seconds) {
  const w = 2 * Math.PI * hertz(midi);
  return sound(seconds, (t) => {
    const tone = Math.sin(w * t) + 0.45 * Math.sin(2 * w * t) * Math.exp(-t * 5) + 0.2 * Math.sin(3 * w * t) * Math.exp(-t * 9);
    return tone * Math.min(1, t * 250, (seconds - t) * 40) * Math.exp(-t * 1.2);
  });
}

export const kick = () =>
  sound(0.32, (t) => Math.sin(2 * Math.PI * (46 * t - (95 / 28) * Math.exp(-28 * t))) * Math.exp(-t * 9) + 0.25 * Math.exp(-t * 260));

export function snare(random) {
  let last = 0;
  return sound(0.26, (t) => {
    const noise = random() * 2 - 1;
    const high = noise - last * 0.6;
    last = noise;
    return 0.55 * high * Math.exp(-t * 19) + 0.6 * Math.sin(2 * Math.PI * 188 * t) * Math.exp(-t * 26);
  });
}

export function hat(random, seconds = 0.07) {
  let a = 0;
  let b = 0;
  return sound(seconds, (t) => {
    const noise = random() * 2 - 1;
    const high = noise - 2 * a + b;
    b = a;
    a = noise;
    return 0.3 * high * Math.exp((-t * 4) / seconds);
  });
}
