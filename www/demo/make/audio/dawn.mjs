import { prng } from '../prng.mjs';
import { bell, hat, pluck, strings } from './instruments.mjs';
import { Track } from './track.mjs';

export const prompt = 'Strings swelling at dawn, a harp running upwards, a last shimmer of cymbals';

const CHORDS = [
  [38, 50, 57, 62, 66, 69],
  [43, 50, 59, 62, 67, 71],
  [45, 52, 57, 61, 64, 73],
  [38, 50, 57, 62, 66, 74],
];

export function dawn() {
  const random = prng(404);
  const track = new Track(8);
  CHORDS.forEach((chord, bar) => {
    const at = bar * 1.75;
    chord.forEach((note, i) => track.add(strings(note, 2.4, random, 0.5, 0.2 + 0.07 * bar), at, 0.26 + 0.05 * bar, i * 0.3 - 0.75));
  });
  const scale = [50, 54, 57, 59, 62, 66, 69, 71, 74, 78, 81, 83, 86, 90, 93, 95, 98];
  scale.forEach((note, n) => track.add(pluck(note, 1.8, random, 0.7), 3.6 + n * 0.1, 0.28 + 0.012 * n, n / 9 - 0.9));
  scale.slice(0, 9).forEach((note, n) => track.add(pluck(note, 1.8, random, 0.6), 0.5 + n * 0.13, 0.3, n / 5 - 0.8));
  for (let n = 0; n < 60; n++) track.add(hat(random, 0.4), 3.4 + n * 0.032, 0.0028 * n, Math.sin(n));
  track.add(hat(random, 2.6), 5.3, 0.75, 0.2).add(bell(86, 2.5), 5.3, 0.45, -0.2).add(bell(93, 2.5), 5.42, 0.3, 0.3);
  return track.reverb(0.28, 0.87, 0.25).master(1.2);
}
