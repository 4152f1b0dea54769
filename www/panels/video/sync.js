// How a video gets back in step with the one that leads. All times are in seconds.

/** What is closer than this is in step: a quarter of a frame at 30 frames a second. */
const CLOSE = 1 / 120;
/** What is farther off than this is not caught up by playing faster or slower. */
const FAR = 0.5;
/** A drift is to be gone after about this time. */
const HORIZON = 2;
/** Most that the speed is changed by: what differs by more is seen and heard. */
const MOST = 0.15;
/** How many drifts are looked at together: single frames come late. */
const WINDOW = 7;
/** How long a frame lasts where that is not known. */
export const USUAL_FRAME = 1 / 30;
/** How many frames are remembered. */
const MOST_FRAMES = 200;

/**
 * How far a follower is ahead of the leader when both are compared at one moment.
 *
 * @param {{media: number, shown: number}} leader the frame it showed last: its time in the video, and when it was shown
 * @param {{media: number, shown: number}} follower
 * @param {number} speed of the leader, times the normal speed
 */
export function drift(leader, follower, speed) {
  return follower.media - leader.media - (follower.shown - leader.shown) * speed;
}

/**
 * What brings a follower back in step: a place to go to, or a speed to play at.
 *
 * @param {{leader: number, follower: number, duration: number, speed: number}} state times of both, the follower's duration, and the
 *   speed of the leader
 * @returns {{seek: number} | {rate: number}}
 */
export function correction({ leader, follower, duration, speed }) {
  const target = Math.min(leader, duration);
  const ahead = follower - target;
  if (Math.abs(ahead) > FAR) return { seek: target };
  if (Math.abs(ahead) < CLOSE) return { rate: speed };
  const change = Math.max(-MOST, Math.min(MOST, ahead / HORIZON));
  return { rate: speed * (1 - change) };
}

/** The median of the last few drifts, once there are enough of them. */
export class Steady {
  #drifts = [];

  /** Takes one more; gives the median or, as long as there are too few, null. */
  add(drift) {
    this.#drifts.push(drift);
    if (this.#drifts.length < WINDOW) return null;
    const sorted = [...this.#drifts].sort((a, b) => a - b);
    this.#drifts.shift();
    return sorted[(WINDOW - 1) / 2];
  }

  clear() {
    this.#drifts = [];
  }
}

/** Finds where the frames of a video are from those that it showed. */
export class Frames {
  /** Times of frames, as long as there are few. */
  #times = new Set();
  #steps = [];
  #last = null;
  /** What was played: seconds, and how many frames were decoded for it, shown or not. */
  #played = 0;
  #decoded = 0;

  /**
   * A frame was shown while the video played.
   *
   * @param {number} time of the frame
   * @param {number} decoded how many frames were decoded so far
   */
  add(time, decoded) {
    const step = this.#last && time - this.#last.time;
    if (step > 0 && step < 1 && this.#times.size < MOST_FRAMES) {
      this.#times.add(time);
      this.#steps.push(step);
      this.#played += step;
      this.#decoded += decoded - this.#last.decoded;
    }
    this.#last = { time, decoded };
  }

  /** How long a frame lasts; null as long as too few are known. */
  get length() {
    if (this.#steps.length < 2 || this.#decoded < 10) return null;
    // A slow machine may show every second frame at best, which the number of decoded ones tells.
    const shortest = Math.min(...this.#steps);
    let length = shortest / Math.max(1, Math.round((shortest * this.#decoded) / this.#played));
    // Some formats round times to milliseconds: the farther frames are apart, the less that matters.
    const [first, ...rest] = [...this.#times].sort((a, b) => a - b);
    for (const time of rest) {
      const count = (time - first) / length;
      if (Math.abs(count - Math.round(count)) < 0.25) length = (time - first) / Math.round(count);
    }
    return length;
  }

  /** The middle of the frame that is shown at a time: there, rounding leads to no other frame. */
  middle(time) {
    const length = this.length ?? USUAL_FRAME;
    const start = this.#times.size > 0 ? Math.min(...this.#times) : 0;
    return start + (Math.floor((time - start) / length + 1e-3) + 0.5) * length;
  }
}
