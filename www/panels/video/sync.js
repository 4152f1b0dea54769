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

/** Finds how long a frame lasts from the times of frames that were shown. */
export class FrameLength {
  #last = null;
  #steps = [];

  /** A frame was shown while the video played. */
  add(time) {
    const step = time - this.#last;
    // Frames may be left out, and time jumps.
    if (this.#last !== null && step > 0.001 && step < 0.5 && this.#steps.length < 30) this.#steps.push(step);
    this.#last = time;
  }

  /** In seconds; a thirtieth as long as it is not known. */
  get seconds() {
    if (this.#steps.length < 5) return 1 / 30;
    // What was left out makes steps longer, never shorter; and some formats round the times of frames.
    const shortest = Math.min(...this.#steps);
    const single = this.#steps.filter((step) => step < 1.5 * shortest);
    return single.reduce((sum, step) => sum + step, 0) / single.length;
  }
}
