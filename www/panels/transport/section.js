// The part of a medium that is played again and again; and times as they are read.

/** Shortest section, in seconds: long enough to be told from a tone. */
const SHORTEST = 0.1;

/**
 * A section that starts here; it keeps its end where that comes later.
 *
 * @param {{start: number, end: number} | null} section in seconds
 * @param {number} time
 * @param {number} duration of the whole
 */
export function startingAt(section, time, duration) {
  const start = Math.max(0, Math.min(time, duration - SHORTEST));
  const end = section && section.end >= start + SHORTEST ? section.end : duration;
  return { start, end };
}

/** A section that ends here; it keeps its start where that comes earlier. Takes what {@link startingAt} takes. */
export function endingAt(section, time, duration) {
  const end = Math.min(duration, Math.max(time, SHORTEST));
  const start = section && section.start <= end - SHORTEST ? section.start : 0;
  return { start, end };
}

/** A time in seconds as minutes, seconds and tenths, such as `1:05.3`. */
export function clock(time) {
  const tenths = Math.floor(time * 10 + 1e-6);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return `${Math.floor(tenths / 600)}:${seconds}`;
}
