// The graph of nodes that plays sounds together, of which one is heard. It works in any BaseAudioContext, so that what is heard can be
// rendered and looked at without playing it. All times are in seconds.
import { Line } from "./line.js";

/** How long a sound fades where it starts, stops or jumps. */
const EDGE = 0.01;

/**
 * A sound of a mixer.
 *
 * @typedef {object} Channel
 * @property {AudioBuffer} buffer
 * @property {Line} level what loudness asks for
 * @property {Line} fader whether it is heard
 * @property {AudioBuffer | null} part the section that is looped
 */

/** Plays sounds from one instant on, so that their samples stay side by side, and fades from one to another. */
export class Mixer {
  #context;
  #crossfade;
  #channels = new Set();
  #heard = null;
  #section = null;
  /** What plays: since when, from where, and its nodes. */
  #run = null;

  /**
   * @param {BaseAudioContext} context
   * @param {number} crossfade how long a switch takes
   */
  constructor(context, crossfade) {
    this.#context = context;
    this.#crossfade = crossfade;
  }

  /** Adds a sound that is not heard yet. @returns {Channel} */
  add(buffer) {
    const channel = { buffer, part: null, level: new Line(this.#context, 1), fader: new Line(this.#context, 0) };
    channel.level.node.connect(channel.fader.node).connect(this.#context.destination);
    this.#cut(channel);
    this.#channels.add(channel);
    return channel;
  }

  remove(channel) {
    if (this.#run) {
      const mine = this.#run.sources.filter((source) => source.channel === channel);
      for (const { node } of mine) node.stop();
      this.#run.sources = this.#run.sources.filter((source) => !mine.includes(source));
    }
    channel.fader.node.disconnect();
    this.#channels.delete(channel);
    if (this.#heard === channel) this.#heard = null;
  }

  /** The longest sound. */
  get duration() {
    return Math.max(0, ...[...this.#channels].map(({ buffer }) => buffer.duration));
  }

  get heard() {
    return this.#heard;
  }

  get section() {
    return this.#section;
  }

  get isPlaying() {
    return this.#run !== null;
  }

  /** The position at a time of the context while it plays. */
  positionAt(time) {
    const { offset, since } = this.#run;
    const position = offset + Math.max(0, time - since);
    if (!this.#section) return Math.min(position, this.duration);
    const { start, end } = this.#section;
    return start + ((position - start) % (end - start));
  }

  /**
   * Switches to a sound at a time, at the position where all are.
   *
   * The gains are straight lines whose sum is always one. The options are renderings of the same thing and so alike that their
   * samples add up: lines of equal power, which suit sounds that have nothing in common, would be up to 3 dB louder midway.
   */
  hear(channel, time) {
    this.#heard = channel;
    for (const one of this.#channels) one.fader.move(one === channel ? 1 : 0, time, time + this.#crossfade);
  }

  /** Plays all from a position on, at a time. */
  play(position, time) {
    const since = this.#onFrame(time);
    if (this.#run) this.stop(since);
    const offset = this.#onFrame(position);
    // At its start a sound needs no fade, which would blunt its attack.
    const sources = [...this.#channels].flatMap((channel) => this.#source(channel, offset, since, offset > 0 ? EDGE : 0));
    this.#run = { offset, since, sources };
  }

  /** Stops all at a time. */
  stop(time) {
    for (const { node, gate } of this.#run.sources) {
      gate.move(0, time, time + EDGE);
      node.stop(time + EDGE);
    }
    this.#run = null;
  }

  /** Sets what is looped; counts from the next `play` on. */
  loop(section) {
    this.#section = section && { start: this.#onFrame(section.start), end: this.#onFrame(section.end) };
    for (const channel of this.#channels) this.#cut(channel);
  }

  #source(channel, offset, since, fade) {
    const { buffer, part, level } = channel;
    const start = part ? offset - this.#section.start : offset;
    if (start >= (part ?? buffer).duration) return [];
    const node = new AudioBufferSourceNode(this.#context, { buffer: part ?? buffer, loop: part !== null });
    const gate = new Line(this.#context, fade > 0 ? 0 : 1);
    if (fade > 0) gate.move(1, since, since + fade);
    node.connect(gate.node).connect(level.node);
    node.onended = () => gate.node.disconnect();
    node.start(since, start);
    return [{ channel, node, gate }];
  }

  /** Copies the section, as long for each sound, with short fades where it starts again: so it loops to the sample, without a click. */
  #cut(channel) {
    channel.part = null;
    if (!this.#section) return;
    const { buffer } = channel;
    const { numberOfChannels, sampleRate } = buffer;
    const first = Math.round(this.#section.start * sampleRate);
    const length = Math.round(this.#section.end * sampleRate) - first;
    const edge = Math.round(EDGE * sampleRate);
    channel.part = new AudioBuffer({ numberOfChannels, length, sampleRate });
    for (let n = 0; n < numberOfChannels; n++) {
      const samples = channel.part.getChannelData(n);
      samples.set(buffer.getChannelData(n).subarray(first, first + length));
      for (let i = 0; i < edge; i++) {
        samples[i] *= i / edge;
        samples[length - 1 - i] *= i / edge;
      }
    }
  }

  /** The time of the nearest frame, where samples are played as they are. */
  #onFrame(time) {
    const { sampleRate } = this.#context;
    return Math.round(time * sampleRate) / sampleRate;
  }
}
