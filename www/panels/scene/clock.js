/** A long pause, as of a hidden tab or while nothing moved, must not make anything jump. */
const MAX_STEP_SECONDS = 0.1;

/** The one time of all panels, for animations; and how much of it went by, for the turntable. */
export class Clock {
  /** Seconds that the animations have played. */
  time = 0;
  #now;

  /**
   * Goes on to a frame, once for all panels.
   *
   * @param {number} now of the frame, in milliseconds
   * @param {boolean} playing whether the animations go on
   * @param {(step: number) => void} begin told how many seconds went by since the frame before
   */
  advance(now, playing, begin) {
    if (now === this.#now) return;
    const step = this.#now === undefined ? 0 : Math.min((now - this.#now) / 1000, MAX_STEP_SECONDS);
    this.#now = now;
    if (playing) this.time += step;
    begin(step);
  }
}
