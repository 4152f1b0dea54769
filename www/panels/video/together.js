import { correction, drift, USUAL_FRAME } from "./sync.js";

/** Time between two jumps back in step, in milliseconds: a machine that is too slow is not to stop all the time. */
const PATIENCE = 3000;
/** Time between two drifts that are reported, in milliseconds. */
const SAMPLE = 250;

/**
 * Plays videos in step. The longest leads; the others are held to it by their speed, and where one is far off, all stop, go to the
 * same time and start again together. A shorter one holds its last frame until the longest has ended.
 *
 * It is a `Player` for the transport.
 */
export class Together {
  #members = [];
  #told;
  #playing = false;
  #speed = 1;
  #section = null;
  /** Where all are going, until they are there. */
  #goal = null;
  #going = false;
  #again = false;
  #gathered = 0;
  #ticking = 0;
  /** Whether it has ever played. */
  begun = false;
  /** Whether the rater has worked it. */
  touched = false;

  /**
   * @param {object} told
   * @param {() => void} told.changed it stands differently
   * @param {() => void} told.refused the browser does not let videos play before the rater has done something
   * @param {() => boolean} told.ended the longest was played to its end; gives whether to start again
   */
  constructor(told) {
    this.#told = told;
  }

  get members() {
    return this.#members;
  }

  get duration() {
    return this.#leader?.duration ?? 0;
  }

  get time() {
    return this.#goal ?? this.#leader?.video.currentTime ?? 0;
  }

  get playing() {
    return this.#playing;
  }

  get section() {
    return this.#section;
  }

  get speed() {
    return this.#speed;
  }

  set speed(speed) {
    this.#speed = speed;
    for (const member of this.#members) {
      member.video.playbackRate = speed;
      this.#forget(member);
    }
    this.#told.changed();
  }

  /** Plays these from now on, at `time`. */
  set(members, time) {
    for (const member of this.#members) if (!members.includes(member)) this.#stop(member);
    this.#members = members;
    this.#go(Math.min(time, this.duration));
  }

  /** Goes on without one. */
  drop(member) {
    this.#stop(member);
    this.#members = this.#members.filter((one) => one !== member);
    for (const one of this.#members) this.#forget(one);
    if (this.#members.length === 0) this.#playing = false;
    if (this.#section?.end > this.duration) this.#section = null;
    this.#told.changed();
  }

  /** Plays from the start, by itself. */
  begin() {
    this.begun = this.#playing = true;
    this.#go(0);
  }

  play() {
    if (this.#members.length === 0) return;
    this.begun = this.touched = this.#playing = true;
    const { start, end } = this.#section ?? { start: 0, end: this.duration };
    const { time } = this;
    this.#go(time < start || time >= end - this.#frameLength ? start : time);
  }

  pause() {
    this.touched = true;
    this.#playing = false;
    this.#go(this.#aligned(this.time));
  }

  seek(time) {
    this.touched = true;
    this.#go(this.#playing ? time : this.#aligned(time));
  }

  step(count) {
    this.touched = true;
    this.#playing = false;
    this.#go(this.#aligned(this.time, count));
  }

  loop(section) {
    this.#section = section;
    const { time } = this;
    if (section && (time < section.start || time > section.end)) this.seek(section.start);
    this.#told.changed();
  }

  /** Whether a video that is shorter than the longest holds its last frame. */
  holds(member) {
    return this.#members.includes(member) && member.duration < this.duration && this.time >= member.duration;
  }

  /** Watches a video, until `signal`: what it shows, and what happens to it that nobody asked for here. */
  watch(member, signal) {
    const { video } = member;
    // Keys and buttons of the browser or the system work on one video; they are meant for all.
    video.addEventListener("pause", () => this.#playing && !this.#going && video.paused && !video.ended && this.pause(), { signal });
    video.addEventListener("play", () => !this.#playing && !video.paused && this.play(), { signal });
    if (!video.requestVideoFrameCallback) return;
    const shown = (_, { mediaTime, expectedDisplayTime }) => {
      if (signal.aborted) return;
      video.requestVideoFrameCallback(shown);
      if (!this.#isRunning(member)) return;
      member.frames.add(mediaTime, video.getVideoPlaybackQuality().totalVideoFrames);
      this.#shown(member, mediaTime, expectedDisplayTime);
    };
    video.requestVideoFrameCallback(shown);
  }

  get #leader() {
    return this.#members.reduce((longest, member) => (longest && longest.duration >= member.duration ? longest : member), undefined);
  }

  /** The frames of the video that has the most, so that every frame of every video is stepped to. */
  get #frames() {
    const all = this.#members.map(({ frames }) => frames);
    return all.reduce((finest, frames) => ((frames.length ?? 1) < (finest.length ?? 1) ? frames : finest));
  }

  get #frameLength() {
    return this.#frames.length ?? USUAL_FRAME;
  }

  /** The middle of the frame so many after that at a time. */
  #aligned(time, after = 0) {
    if (this.#members.length === 0) return 0;
    const length = this.#frameLength;
    const last = this.duration - length / 2;
    return Math.max(0, Math.min(this.#frames.middle(Math.min(time, last)) + after * length, last));
  }

  #isRunning(member) {
    return this.#playing && !this.#going && !member.video.paused && this.#members.includes(member);
  }

  /** Has all go to a time; once all are there, they start together if they are to play. */
  async #go(time) {
    this.#goal = time;
    this.#again = true;
    if (!this.#playing) for (const member of this.#members) this.#stop(member);
    this.#told.changed();
    if (this.#going) return;
    this.#going = true;
    while (this.#again) {
      this.#again = false;
      const goal = this.#goal;
      await Promise.all(
        this.#members.map((member) => {
          member.video.pause();
          member.played.jump(Math.min(goal, member.duration));
          return member.goTo(goal);
        }),
      );
    }
    this.#going = false;
    const at = this.#goal;
    this.#goal = null;
    if (this.#playing) this.#start(at);
    else this.#told.changed();
  }

  /** Forgets what was seen of a video's drift. */
  #forget(member) {
    member.frame = null;
    member.steady.clear();
  }

  #stop(member) {
    member.video.pause();
    member.played.stop();
  }

  #start(time) {
    const starting = [];
    for (const member of this.#members) {
      this.#forget(member);
      member.video.playbackRate = this.#speed;
      // One that has ended would start again from its beginning.
      if (time < member.duration) starting.push(member.video.play());
    }
    Promise.all(starting).catch(({ name }) => {
      // One that is stopped before it has started says so too, which is no news; and a broken one is told of as an error.
      if (name !== "NotAllowedError") return;
      this.begun = false;
      this.pause();
      this.#told.refused();
    });
    this.#told.changed();
    cancelAnimationFrame(this.#ticking);
    this.#ticking = requestAnimationFrame(() => this.#tick());
  }

  #tick() {
    if (!this.#playing) return;
    this.#ticking = requestAnimationFrame(() => this.#tick());
    if (this.#going) return;
    const leader = this.#leader;
    for (const member of this.#members) this.#progress(member);
    for (const member of [leader, ...this.#members]) {
      if (!member.video.requestVideoFrameCallback && this.#isRunning(member)) this.#shown(member, member.video.currentTime, performance.now());
    }
    if (leader.video.ended || (this.#section && this.time >= this.#section.end)) this.#end();
    else this.#told.changed();
  }

  #progress({ video, played }) {
    if (video.ended) played.stop(video.duration);
    else if (!video.paused && !video.seeking) played.at(video.currentTime);
  }

  #end() {
    if (this.#section) {
      this.#go(this.#section.start);
      return;
    }
    // Some may be a moment behind: what starts again is a new play of each.
    for (const { video, played } of this.#members) played.stop(video.currentTime);
    if (this.#told.ended()) this.#go(0);
    else {
      this.#playing = false;
      this.#told.changed();
    }
  }

  /**
   * A video shows a frame.
   *
   * @param member
   * @param {number} media time of the frame in the video, in seconds
   * @param {number} shown when, in milliseconds
   */
  #shown(member, media, shown) {
    member.frame = { media, shown: shown / 1000 };
    const leader = this.#leader;
    if (member === leader || !leader.frame || leader.video.ended) return;
    const ahead = drift(leader.frame, member.frame, this.#speed);
    if (shown - member.reported >= SAMPLE) {
      member.reported = shown;
      member.medium.report("drift", Math.abs(ahead) * 1000);
    }
    const steady = member.steady.add(ahead);
    if (steady !== null) this.#correct(member, steady);
  }

  #correct({ video, duration }, ahead) {
    const leader = this.#leader.video.currentTime;
    const { seek, rate } = correction({ leader, follower: leader + ahead, duration, speed: this.#speed });
    if (seek === undefined) {
      // Each change costs the decoder something, so small ones wait.
      if (rate === this.#speed || Math.abs(rate - video.playbackRate) > 0.005) video.playbackRate = rate;
    } else if (performance.now() - this.#gathered > PATIENCE) {
      this.#gathered = performance.now();
      this.#go(leader);
    }
  }
}
