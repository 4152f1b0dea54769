/** Rows of random numbers: the slowest changes every 2^11 frames, which is about 23 Hz at 48 kHz. */
const ROWS = 12;

/**
 * Pink noise: as loud in each octave, like music and speech. It is the sum of random numbers of which each changes half as often as
 * the one before (R. F. Voss).
 *
 * @param {number} length in frames
 * @returns {Float32Array}
 */
export function pinkNoise(length) {
  const rows = new Float32Array(ROWS);
  return Float32Array.from({ length }, (_, frame) => {
    let sum = 0;
    for (let row = 0; row < ROWS; row++) {
      if (frame % 2 ** row === 0) rows[row] = Math.random() * 2 - 1;
      sum += rows[row];
    }
    return sum / ROWS;
  });
}
