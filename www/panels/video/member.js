import { make } from "../../dom.js";
import { Played } from "../transport/played.js";
import { Frames, Steady } from "./sync.js";

/** One video: its element, and what is known of it. */
export class Member {
  video = make("video", { playsinline: "", preload: "auto" });
  medium;
  played;
  frames = new Frames();
  /** Its drift to the leader, without what is noise. */
  steady = new Steady();
  /** The frame that it showed last since it was started. @type {{media: number, shown: number} | null} */
  frame = null;
  /** When its drift was last reported, in milliseconds. */
  reported = 0;

  /** @param {import("../panels.js").Medium} medium */
  constructor(medium) {
    this.medium = medium;
    this.played = new Played(medium.report);
    this.video.setAttribute("aria-label", medium.label);
    this.video.disablePictureInPicture = true;
    this.video.disableRemotePlayback = true;
    this.video.muted = true;
    if (medium.poster) this.video.poster = medium.poster;
  }

  /** In seconds. */
  get duration() {
    return this.video.duration;
  }

  /** Resolves once its first frame can be seen. */
  async load() {
    const { video } = this;
    video.src = this.medium.url;
    await this.#on("loadeddata");
    if (video.videoWidth === 0) throw new Error("the file holds no picture");
    if (!Number.isFinite(video.duration)) await this.#findDuration();
    this.medium.report("duration", video.duration);
  }

  /** Goes to a time, or to the end where it is shorter; resolves once it is there. */
  async goTo(time) {
    const { video } = this;
    const goal = Math.min(time, video.duration);
    if (video.error || (!video.seeking && Math.abs(video.currentTime - goal) < 1e-4)) return;
    video.currentTime = goal;
    await this.#on("seeked").catch(() => {}); // an error is told by who watches for it
  }

  /** Lets go of the file and the decoder. */
  free() {
    this.played.stop();
    this.video.remove();
    this.video.removeAttribute("src");
    this.video.load();
  }

  /** What recorders in browsers make names no duration: it is known once the end was seen. */
  async #findDuration() {
    this.video.currentTime = Number.MAX_SAFE_INTEGER;
    await this.#on("seeked");
    this.video.currentTime = 0;
    await this.#on("seeked");
    if (!Number.isFinite(this.video.duration)) throw new Error("the file does not tell how long it is");
  }

  #on(event) {
    return new Promise((done, fail) => {
      const abort = new AbortController();
      const { signal } = abort;
      const settle = (act) => () => {
        abort.abort();
        act();
      };
      this.video.addEventListener(event, settle(done), { signal });
      this.video.addEventListener("error", settle(() => fail(new Error(reason(this.video.error)))), { signal });
      // It was let go of.
      this.video.addEventListener("emptied", settle(() => fail(new Error("it is no longer shown"))), { signal });
    });
  }
}

/** Why a video cannot be shown, in words for the rater. The browser's own message may quote the file. */
export function reason(error) {
  switch (error?.code) {
    case MediaError.MEDIA_ERR_DECODE:
      return "the file is damaged";
    case MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED:
      return "the file is damaged, or of a format that this browser cannot play";
    default:
      return "the browser stopped reading the file";
  }
}
