/** A stretch is told after so many seconds of the medium at the latest, so that gates move on while it plays. */
const LONGEST = 0.5;

/** Tells which stretches of a medium are played. */
export class Played {
  #report;
  #from = null;
  #to;

  /** @param {import("../panels.js").Medium["report"]} report */
  constructor(report) {
    this.#report = report;
  }

  /** It plays, and is at `time`, in seconds. */
  at(time) {
    if (this.#from === null) {
      this.#report("playing", 1);
      this.#from = this.#to = time;
    }
    // A loop has begun again.
    if (time < this.#to) this.jump(time);
    this.#to = time;
    if (this.#to - this.#from >= LONGEST) this.#tell();
  }

  /** It goes on elsewhere, at `time`. */
  jump(time) {
    if (this.#from === null) return;
    this.#tell();
    this.#from = this.#to = time;
  }

  /** It plays no more; `time` is where it was then, if that is farther than it was seen to be. */
  stop(time = 0) {
    if (this.#from === null) return;
    this.#to = Math.max(this.#to, time);
    this.#tell();
    this.#from = null;
    this.#report("playing", 0);
  }

  #tell() {
    if (this.#to - this.#from > 0.001) this.#report("played", this.#from, this.#to);
    this.#from = this.#to;
  }
}
