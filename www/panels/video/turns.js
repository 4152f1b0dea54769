/** How much of a video has to be played before it counts as seen to its end. */
const ENOUGH = 0.95;

/** In which order videos open when each is to be seen alone: the next one when the one before was seen to its end. */
export class Turns {
  #seen = new Set();

  /** A video has ended; notes whether enough of it was played, that is, whether it was not just sent to its end. */
  ended(member) {
    const { played, duration } = member.video;
    let seconds = 0;
    for (let part = 0; part < played.length; part++) seconds += played.end(part) - played.start(part);
    if (seconds >= ENOUGH * duration) this.#seen.add(member);
  }

  /** Whether a video was seen to its end. */
  isSeen(member) {
    return this.#seen.has(member);
  }
}
