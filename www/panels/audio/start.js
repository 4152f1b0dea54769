import { make } from "../../dom.js";
import { content } from "../content.js";
import { factor } from "./matching.js";
import { pinkNoise } from "./noise.js";

/** How loud the test sound is where nothing is known of the options, in LUFS: what EBU R 128 asks of programmes. */
const USUAL = -23;
/** Of the test sound, which is repeated, in seconds. */
const LENGTH = 5;

let isDone = false;

/** Whether the rater has to be asked before there can be sound: once in the life of a page. */
export function isStartNeeded(context, withCheck) {
  const isFree = context.state === "running" || navigator.userActivation?.hasBeenActive;
  return !isDone && (withCheck || !isFree);
}

/**
 * Lies over the panels until the rater starts: browsers let a page sound only after that. With a check of the volume, it plays a test
 * sound as loud as the options are.
 */
export class Start {
  #frame;
  #context;
  #loudness;
  #done;
  #behind;
  #noise = null;
  #test = make("button", { type: "button" });
  #element;

  /**
   * @param {import("../panels.js").Frame} frame
   * @param {AudioContext} context
   * @param {HTMLElement} transport
   * @param {() => number} loudness of the options in LUFS; not finite while there is none
   * @param {() => void} done the rater has started
   */
  constructor(frame, context, transport, loudness, done) {
    this.#frame = frame;
    this.#context = context;
    this.#loudness = loudness;
    this.#done = done;
    const { t } = frame;
    this.#test.textContent = t("Play test sound");
    const start = make("button", { type: "button", className: "primary", text: t("Start listening") });
    start.addEventListener("click", () => this.#start());
    this.#test.addEventListener("click", () => this.#toggle());
    const isCheck = frame.settings.audio.volume_check;
    const title = isCheck ? t("Check the volume") : t("Ready to listen?");
    const words = isCheck
      ? t("Play the test sound, which is as loud as what you will hear. Set the volume so that it is comfortable, then leave it. Headphones are best.")
      : t("The sounds are ready when you are.");
    this.#element = make(
      "section",
      { className: "start", "aria-label": title },
      make("h4", { text: title }),
      make("p", { text: words }),
      make("div", { className: "row" }, ...(isCheck ? [this.#test] : []), start),
    );
    const stage = frame.page.querySelector(".stage");
    this.#behind = [...stage.children, transport];
    for (const element of this.#behind) element.inert = true;
    stage.append(this.#element);
    frame.cover(() => false);
    frame.say(t("{0}. {1}", title, words));
    // Who works the widget by keyboard goes on here; a page that has just loaded keeps its focus.
    if (frame.page.closest(".widget").matches(":focus-within")) (isCheck ? this.#test : start).focus();
  }

  /** Takes it away. */
  remove() {
    this.silence();
    for (const element of this.#behind) element.inert = false;
    this.#element.remove();
    this.#frame.cover();
  }

  /** Ends the test sound. */
  silence() {
    this.#noise?.stop();
    this.#noise = null;
    this.#test.textContent = this.#frame.t("Play test sound");
  }

  #start() {
    isDone = true;
    this.#context.resume();
    this.remove();
    this.#done();
  }

  async #toggle() {
    if (this.#noise) {
      this.silence();
      return;
    }
    const context = this.#context;
    context.resume();
    const samples = pinkNoise(LENGTH * context.sampleRate);
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate });
    buffer.copyToChannel(samples, 0);
    const noise = new AudioBufferSourceNode(context, { buffer, loop: true });
    this.#noise = noise;
    this.#test.textContent = this.#frame.t("Stop test sound");
    try {
      const { loudness } = await content();
      const wanted = this.#loudness();
      const gain = factor((Number.isFinite(wanted) ? wanted : USUAL) - (await loudness([samples], context.sampleRate)));
      if (this.#noise !== noise) return;
      const most = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      noise.connect(new GainNode(context, { gain: Math.min(gain, 1 / most) })).connect(context.destination);
      noise.start();
    } catch {
      this.silence();
      this.#frame.say(this.#frame.t("The test sound could not be loaded. Try again."));
    }
  }
}
