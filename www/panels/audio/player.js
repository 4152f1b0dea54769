import { Mixer } from "./mixer.js";

/** How far ahead the nodes are told what to do, in seconds: what they are doing already cannot be changed without a click. */
const AHEAD = 0.03;
/** What is nearer to the end than this is at the end, in seconds. */
const END = 0.02;

/** Plays the sounds of a trial, of which one is heard. It is a `Player` for the transport. */
export class Player {
  #context;
  #mixer;
  #told;
  /** Where it stands while it does not play, in seconds. */
  #position = 0;
  #ticking = 0;

  /**
   * @param {AudioContext} context
   * @param {number} crossfade in seconds
   * @param {object} told
   * @param {() => void} told.changed it stands differently
   * @param {(time: number) => void} told.jumped it goes on elsewhere, in seconds
   */
  constructor(context, crossfade, told) {
    this.#context = context;
    this.#mixer = new Mixer(context, crossfade);
    this.#told = told;
  }

  get duration() {
    return this.#mixer.duration;
  }

  get playing() {
    return this.#mixer.isPlaying;
  }

  get section() {
    return this.#mixer.section;
  }

  /** The channel that is heard. */
  get heard() {
    return this.#mixer.heard;
  }

  /** What reaches the ear now, in seconds. */
  get time() {
    if (!this.playing) return this.#position;
    return this.#mixer.positionAt(this.#context.currentTime - (this.#context.outputLatency || 0));
  }

  add(buffer) {
    const { time } = this;
    const channel = this.#mixer.add(buffer);
    if (this.playing) this.#from(time);
    this.#told.changed();
    return channel;
  }

  remove(channel) {
    this.#mixer.remove(channel);
    if (this.playing && (this.heard === null || this.duration === 0)) this.pause();
    if (this.section?.end > this.duration) this.loop(null);
    this.#told.changed();
  }

  /** Switches to a channel, at the same position. */
  hear(channel) {
    this.#mixer.hear(channel, this.#context.currentTime + AHEAD);
    this.#told.changed();
  }

  /** Has a channel be this many times as loud as its file, from now on. */
  setLevel(channel, factor) {
    const { currentTime } = this.#context;
    channel.level.move(factor, currentTime + AHEAD, currentTime + 2 * AHEAD);
  }

  play() {
    if (this.duration === 0) return;
    this.#context.resume();
    const { start, end } = this.section ?? { start: 0, end: this.duration };
    const { time } = this;
    this.#from(time < start || time > end - END ? start : time);
    cancelAnimationFrame(this.#ticking);
    this.#tick();
  }

  pause() {
    if (!this.playing) return;
    this.#position = this.time;
    this.#mixer.stop(this.#context.currentTime + AHEAD);
    this.#told.changed();
  }

  seek(time) {
    const { start, end } = this.section ?? { start: 0, end: this.duration };
    const position = time < start || time >= end ? (this.section ? start : end) : time;
    this.#told.jumped(position);
    if (this.playing) this.#from(position);
    this.#position = position;
    this.#told.changed();
  }

  loop(section) {
    const { time } = this;
    this.#mixer.loop(section);
    this.seek(time);
  }

  #from(position) {
    this.#mixer.play(position, this.#context.currentTime + AHEAD);
  }

  #tick() {
    if (!this.playing) return;
    if (!this.section && this.time >= this.duration) this.pause();
    else {
      this.#ticking = requestAnimationFrame(() => this.#tick());
      this.#told.changed();
    }
  }
}
