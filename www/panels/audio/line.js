/**
 * A gain that moves in straight lines. An `AudioParam` cannot tell its value at a later time and, when it is sent elsewhere on its way,
 * jumps; so the corners of the line are kept here.
 */
export class Line {
  /** Time in seconds of the context and gain of every corner. */
  #corners;
  #context;
  node;

  /**
   * @param {BaseAudioContext} context
   * @param {number} value
   */
  constructor(context, value) {
    this.#context = context;
    this.#corners = [[0, value]];
    this.node = new GainNode(context, { gain: value });
  }

  /** The gain at a time. */
  at(time) {
    const next = this.#corners.findIndex(([at]) => at > time);
    if (next === 0) return this.#corners[0][1];
    if (next < 0) return this.#corners.at(-1)[1];
    const [[t0, v0], [t1, v1]] = this.#corners.slice(next - 1, next + 1);
    return v0 + ((v1 - v0) * (time - t0)) / (t1 - t0);
  }

  /** Moves from what it is at `from` to `value` at `until`; goes on as before until then. */
  move(value, from, until) {
    const now = this.#context.currentTime;
    const kept = this.#corners.filter(([at]) => at > now && at < from);
    this.#corners = [[now, this.at(now)], ...kept, [from, this.at(from)], [until, value]];
    const { gain } = this.node;
    gain.cancelScheduledValues(now);
    this.#corners.forEach(([at, value], n) => (n > 0 && until > from ? gain.linearRampToValueAtTime(value, at) : gain.setValueAtTime(value, at)));
  }
}
