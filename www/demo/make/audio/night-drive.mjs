import { prng } from '../prng.mjs';
import { bass, hat, keys, kick, snare, strings } from './instruments.mjs';
import { Track } from './track.mjs';

export const prompt = 'Late-night groove: electric piano, round bass, crisp drums at 92 beats a minute';

const CHORDS = [
  { root: 38, notes: [60, 64, 65, 69] },
  { root: 43, notes: [59, 62, 65, 69] },
  { root: 36, notes: [59, 62, 64, 67] },
  { root: 45, notes: [60, 64, 67, 71] },
];

export function nightDrive() {
  const random = prng(303);
  const track = new Track(6.4);
  const step = 60 / 92 / 4;
  for (let n = 0; n < 38; n++) {
    const at = 0.02 + n * step + (n % 2 ? step * 0.16 : 0);
    const s = n % 16;
    if ([0, 3, 8, 10].includes(s)) track.add(kick(), at, 0.95);
    if (s === 4 || s === 12) track.add(snare(random), at, 1.2, 0.05);
    if (s === 15) track.add(snare(random), at, 0.25, 0.05);
    track.add(hat(random, s % 8 === 6 ? 0.2 : 0.06), at, n % 2 ? 0.5 : 0.85, 0.35);
  }
  for (let bar = 0; bar < 5; bar++) {
    const chord = CHORDS[bar % 4];
    const at = 0.02 + bar * step * 8;
    for (const [when, note] of [[0, 0], [3, 0], [5, 12], [6, 7]]) track.add(bass(chord.root + note, step * 2.2), at + when * step, 0.6);
    for (const [when, touch] of [[0, 1], [3.16, 0.6], [6, 0.8]]) {
      chord.notes.forEach((note, i) => track.add(keys(note, 1.1, touch), at + when * step + i * 0.007, 0.24 * touch, i * 0.3 - 0.45));
    }
    for (const note of chord.notes) track.add(strings(note + 12, step * 9, random, 0.4, 0.3), at, 0.1, (note % 3) - 1);
  }
  return track.reverb(0.1, 0.7, 0.3).master(0.5);
}
