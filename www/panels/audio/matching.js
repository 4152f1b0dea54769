/**
 * Gains in dB that make sounds as loud as the quietest of them. None is raised, so that none is clipped.
 *
 * @param {number[]} loudness in LUFS; -Infinity for what is silent, or too short to be measured, which stays as it is
 */
export function gains(loudness) {
  const quietest = Math.min(...loudness.filter(Number.isFinite));
  return loudness.map((lufs) => (Number.isFinite(lufs) ? quietest - lufs : 0));
}

/** A gain in dB as a factor of amplitude. */
export function factor(decibels) {
  return 10 ** (decibels / 20);
}
