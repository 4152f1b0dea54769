import { prng } from '../prng.mjs';
import { pluck } from './instruments.mjs';
import { Track } from './track.mjs';

export const prompt = 'A quiet nylon-string guitar, broken chords in A minor, close microphone, small room';

const CHORDS = [
  [45, 57, 60, 64, 69],
  [41, 57, 60, 65, 69],
  [48, 55, 60, 64, 67],
  [43, 55, 59, 62, 67],
];
const FINGERS = [0, 2, 3, 4, 3, 2, 3, 1];

export function nylon() {
  const random = prng(101);
  const track = new Track(7);
  CHORDS.forEach((chord, bar) => {
    FINGERS.forEach((finger, n) => {
      const at = 0.05 + bar * 1.52 + n * 0.19 + 0.012 * random();
      track.add(pluck(chord[finger], 2.4, random, finger ? 0.55 : 0.3), at, 0.5 + 0.2 * random() + (n === 0 ? 0.25 : 0), (finger - 2) * 0.22);
    });
  });
  [76, 74, 72, 71, 69].forEach((note, n) => track.add(pluck(note, 2.5, random, 0.75), [0.05, 1.57, 3.09, 4.61, 6.1][n], 0.55, 0.3));
  return track.reverb(0.16, 0.72, 0.4).master(0.8);
}
