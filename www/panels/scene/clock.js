/** A long pause, as of a hidden tab, must not make anything jump. */
const MAX_STEP_SECONDS = 0.1;

/** The one time of all panels, for animations; and how much of it went by, for the turntable. */
export class Clock {
  /** Seconds that the animations have played. */
  time = 0;
  #now;
  #step = 0;

  /**
   * The time since the frame before, in seconds; the same for all who ask within a frame.
   *
   * @param {number} now of the frame, in milliseconds
   * @param {boolean} playing whether the animations go on
   * @param {(step: number) => void} begin called once a frame
   */
  advance(now, playing, begin) {
    if (now === this.#now) return;
    this.#step = this.#now === undefined ? 0 : Math.min((now - this.#now) / 1000, MAX_STEP_SECONDS);
    this.#now = now;
    if (playing) this.time += this.#step;
    begin(this.#step);
  }

  /** The next frame is the first after a rest. */
  rest() {
    this.#now = undefined;
  }
}
