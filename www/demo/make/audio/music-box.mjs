import { prng } from '../prng.mjs';
import { bell, strings } from './instruments.mjs';
import { Track } from './track.mjs';

export const prompt = 'A music box waltz over soft strings, snow outside, bright and glassy';

const TUNE = [
  [0, 84], [1, 79], [2, 81], [3, 88], [4, 86], [5, 84],
  [6, 83], [7, 79], [8, 81], [9, 86], [10, 84], [11, 83],
  [12, 84], [12.5, 88], [13, 91], [14, 88], [15, 96],
];

export function musicBox() {
  const random = prng(202);
  const track = new Track(7.5);
  const beat = 0.42;
  for (const [n, note] of TUNE) track.add(bell(note, 2.2), 0.05 + n * beat + 0.008 * random(), 0.5, 0.35 * Math.sin(n * 1.7));
  [[60, 64, 67], [59, 62, 67], [57, 60, 65], [59, 65, 67], [60, 64, 67]].forEach((chord, bar) => {
    for (const note of chord) track.add(strings(note, beat * 3.6, random, 0.3, 0.22), bar * beat * 3, 0.3, (note % 5) * 0.25 - 0.5);
    track.add(bell(chord[0] + 12, 1.6), 0.05 + bar * beat * 3, 0.3, -0.3);
    for (const n of [1, 2]) track.add(bell(chord[n] + 12, 1.2), 0.05 + (bar * 3 + n) * beat, 0.2, 0.3);
  });
  return track.reverb(0.3, 0.86, 0.2).master();
}
