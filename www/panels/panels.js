// The panels of one trial: loads what shows a kind of medium when it is first needed, and keeps the panels together.
import { addStyles, make } from "../dom.js";
import { wordsOf } from "../words.js";
import { fullScreen } from "./fullscreen.js";
import { Keys } from "./keys.js";
import { nameOf } from "./name.js";
import { toolbar } from "./toolbar.js";

/** What shows a kind of medium; each exports `open(frame)`, which gives a {@link Stage}, and may have `styles`, the URL of a style sheet. */
const KINDS = {
  image: () => import("./image/image.js"),
  video: () => import("./video/video.js"),
  audio: () => import("./audio/audio.js"),
  scene: () => import("./scene/scene.js"),
  text: () => import("./text/text.js"),
  web: () => import("./web/web.js"),
};

/**
 * What the panels of a trial share.
 *
 * @typedef {object} Frame
 * @property {HTMLElement} page the trial
 * @property {HTMLElement} bar where a stage appends its tools for all panels, as one element
 * @property {Settings} settings
 * @property {boolean} letters whether letter keys mean anything
 * @property {boolean} ties whether options may tie
 * @property {boolean} skip whether a trial may be skipped
 * @property {string} protocol of the study
 * @property {(text: string, ...parts: unknown[]) => string} t a text of the widget in the rater's language, see `../words.js`
 * @property {(text: string) => void} say tells those who cannot see it
 * @property {(isSeen?: (option: number) => boolean) => void} cover something lies over the panels, under which only these options are
 *   seen; nothing does any more
 */

/**
 * What the study file says of panels, with its defaults filled in.
 *
 * @typedef {object} Settings
 * @property {{crossfade_ms: number, match_loudness: boolean, volume_check: boolean}} audio
 * @property {{one_at_a_time: boolean}} video
 * @property {{views: string[]}} scene
 */

/**
 * One medium to show.
 *
 * @typedef {object} Medium
 * @property {keyof KINDS} kind
 * @property {Blob} blob
 * @property {HTMLImageElement | undefined} picture an image, decoded; in another panel already where one file is shown twice
 * @property {string} url an object URL of it
 * @property {string} format file extension or media subtype in lower case, such as `glb`; empty where neither is known
 * @property {string} label its name: the study's alternative text, or `Option A`
 * @property {number} option place on screen from 0; -1 for the reference
 * @property {string | undefined} poster an object URL of a picture to show before a video plays
 * @property {HTMLElement} corner for buttons that work on this panel alone
 * @property {(isHidden: boolean) => void} hide the stage itself lets nothing of it be seen, or does again
 * @property {(what: Measure, a?: number, b?: number) => void} report what the rater saw
 * @property {(reason: string) => void} fail it can no longer be shown, in English words for the rater that quote no file
 */

/**
 * What is measured of an option: `seen` (1 or 0: on screen), `playing` (1 or 0), `played` (from and to, in seconds of the medium,
 * each stretch once it is played), `duration` (seconds), `zoom` (times the size that fits), `turned` (once for each turn),
 * `drift` (milliseconds to the leading panel), `loudness` (LUFS, and the gain in dB that it is played with), `scrolled` (0 to 1: how
 * much of it, from its beginning, came into view).
 *
 * @typedef {"seen" | "playing" | "played" | "duration" | "zoom" | "turned" | "drift" | "loudness" | "scrolled"} Measure
 */

/**
 * Shows the media of one kind in a trial, and keeps their panels together.
 *
 * @typedef {object} Stage
 * @property {(host: HTMLElement, medium: Medium) => Promise<{remove(): void}>} show fills a panel; resolves once the medium
 *   can be seen, rejects with words for the rater: in English, as whoever shows them says them in the rater's language
 * @property {[string, string][]} keys what `press` understands: keys, and what they do
 * @property {(event: KeyboardEvent) => boolean} press whether a key was one of the stage's
 * @property {() => void} close lets go of everything; panels are removed before
 */

/**
 * Begins the panels of a trial, whose elements are found with the first panel.
 *
 * @param {{settings: Settings, protocol: string, letters: boolean, ties: boolean, skip: boolean,
 *   report: (option: number, what: Measure, a?: number, b?: number) => void}} told
 */
export function begin(told) {
  return new Panels(told);
}

const modules = new Map();

/** What shows a kind, imported once: later trials have it with their first frame. */
function load(kind) {
  if (!modules.has(kind)) {
    modules.set(kind, KINDS[kind]());
    // What failed to load may load when it is tried again.
    modules.get(kind).catch(() => modules.delete(kind));
  }
  return modules.get(kind);
}

/** Whether enough of a panel is in the window: half of it, or as much as fills half of the window. */
function isInView({ isIntersecting, intersectionRatio, intersectionRect, rootBounds }) {
  return isIntersecting && (intersectionRatio >= 0.5 || (rootBounds && intersectionRect.height >= rootBounds.height / 2));
}

class Panels {
  #told;
  #frame;
  #stages = new Map();
  #keys;
  #full;
  #heard;
  /** Which options are seen under what lies over the panels. */
  #isSeen;
  /** Of each panel, what decides whether it is seen. */
  #views = new Set();
  #endTools;
  #ended = false;

  constructor(told) {
    this.#told = told;
  }

  /** The stages that are there. */
  get #opened() {
    // In an order that does not depend on what loads first.
    return Object.keys(KINDS).flatMap((kind) => this.#stages.get(kind)?.stage ?? []);
  }

  /**
   * Fills a panel.
   *
   * @param {HTMLElement} host
   * @param {Medium} detail without `corner` and `report`
   * @returns {Promise<{remove(): void}>}
   */
  async show(host, detail) {
    this.#frame ??= this.#open(host.closest(".trial"));
    const stage = await this.#stage(detail.kind);
    const { option, blob } = detail;
    const { t } = this.#frame;
    const report = (what, a, b) => this.#told.report(option, what, a, b);
    const place = host.closest(".frame, .reference");
    const name = nameOf(t, detail);
    const corner = make("div", { className: "corner" });
    const endCorner = toolbar(corner, t("Tools of {0}", name));
    const format = detail.format || blob.type.split(";")[0].split("/").pop().toLowerCase();
    const view = { option, host, report, isIn: false, isHidden: false };
    const hide = (isHidden) => {
      view.isHidden = isHidden;
      this.#look();
    };
    const panel = await stage.show(host, { ...detail, format, corner, report, hide });
    const full = fullScreen(place, t("Show {0} in full screen", name), this.#frame, () => this.#look());
    corner.append(full.button);
    host.after(corner);
    view.full = full;
    const seen = new IntersectionObserver((entries) => {
      view.isIn = isInView(entries.at(-1));
      this.#look();
    }, { threshold: [0, 0.25, 0.5, 0.75, 1] });
    seen.observe(host);
    this.#views.add(view);
    return {
      remove: () => {
        this.#views.delete(view);
        seen.disconnect();
        full.leave();
        full.end();
        endCorner();
        corner.remove();
        panel.remove();
      },
    };
  }

  /** Reports which options are seen now. */
  #look() {
    const filling = [...this.#views].find(({ full }) => full.isFull())?.full.place;
    for (const { option, host, report, isIn, isHidden } of this.#views) {
      const isBehind = filling && !filling.contains(host);
      report("seen", isIn && !isHidden && !isBehind && (this.#isSeen?.(option) ?? true) ? 1 : 0);
    }
  }

  /** Lets go of everything. */
  end() {
    this.#ended = true;
    // The next trial fills the screen in its place.
    this.#full?.end();
    this.#heard?.remove();
    this.#keys?.end();
    this.#endTools?.();
    for (const stage of this.#opened) stage.close();
    this.#stages.clear();
    this.#frame?.bar.parentElement?.replaceChildren();
  }

  /** @returns {Frame} */
  #open(page) {
    const tools = page.querySelector(".toolbar");
    const bar = make("div", { className: "tools" });
    const heard = (this.#heard = make("p", { className: "unseen", role: "status" }));
    page.append(heard);
    const { settings, protocol, letters, ties, skip } = this.#told;
    const cover = (isSeen) => {
      this.#isSeen = isSeen;
      this.#look();
    };
    const t = wordsOf(page);
    const frame = { page, bar, settings, protocol, letters, ties, skip, t, say: (text) => (heard.textContent = text), cover };
    // What is outside of what fills the screen can have no focus, and so hear no keys.
    this.#full = fullScreen(page.closest(".widget"), t("Show all in full screen"), frame);
    this.#keys = new Keys(frame, () => this.#opened);
    this.#endTools = toolbar(tools, t("Tools of all panels"));
    tools.append(bar, make("div", { className: "tools end" }, this.#full.button, this.#keys.button));
    return frame;
  }

  /** The stage of a kind, opened once. */
  #stage(kind) {
    const known = this.#stages.get(kind);
    if (known) return known.promise;
    const entry = {};
    entry.promise = (async () => {
      const { page } = this.#frame;
      const [{ open, styles }] = await Promise.all([load(kind), addStyles(page, new URL("./panels.css", import.meta.url))]);
      if (styles) await addStyles(page, styles);
      if (this.#ended) throw new Error("the trial is over");
      entry.stage = await open(this.#frame);
      if (this.#ended) entry.stage.close();
      return entry.stage;
    })();
    this.#stages.set(kind, entry);
    // What failed to load may load when it is tried again.
    entry.promise.catch(() => this.#stages.delete(kind));
    return entry.promise;
  }
}
