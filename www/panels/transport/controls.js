// Play and pause, the position, a section to loop, speed and single frames: the same for every kind that plays.
import { make } from "../../dom.js";
import { icon } from "../icons.js";
import { group, tool } from "../tools.js";
import { clock, endingAt, startingAt } from "./section.js";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];
/** How far an arrow key goes, in seconds. */
const ARROW = 1;

/**
 * What a transport works.
 *
 * @typedef {object} Player
 * @property {number} duration of the longest medium, in seconds; 0 while there is none
 * @property {number} time in seconds
 * @property {boolean} playing
 * @property {{start: number, end: number} | null} section what is looped, in seconds
 * @property {() => void} play
 * @property {() => void} pause
 * @property {(time: number) => void} seek
 * @property {(section: {start: number, end: number} | null) => void} loop
 * @property {number} [speed] times the normal speed, where it can be set
 * @property {(count: number) => void} [step] goes so many frames on, where there are frames
 */

/** The controls of a {@link Player}, and their keys. */
export class Transport {
  #player;
  #t;
  #say;
  #play;
  #seek;
  #part = make("div", { className: "part" });
  #time = make("span", { className: "time" });
  #clear;
  #speeds;
  /** To be put in the bar. */
  element;

  /**
   * @param {Player} player
   * @param {import("../panels.js").Frame} frame
   */
  constructor(player, { t, say }) {
    this.#player = player;
    this.#t = t;
    this.#say = say;
    this.#play = tool("play", t("Play"), () => this.#toggle());
    this.#seek = make("input", { type: "range", min: "0", step: "any", value: "0", "aria-label": t("Position") });
    this.#clear = tool("loop", t("Loop no section"), () => this.#loop(null));
    this.#seek.addEventListener("input", () => player.seek(this.#seek.valueAsNumber));
    const tools = [this.#play, make("div", { className: "seek" }, this.#seek, make("div", { className: "parts" }, this.#part)), this.#time];
    if (player.step) {
      tools.push(tool("back", t("One frame back"), () => player.step(-1)), tool("forward", t("One frame on"), () => player.step(1)));
    }
    tools.push(this.#bracket("[", t("Loop from here"), startingAt), this.#bracket("]", t("Loop to here"), endingAt), this.#clear);
    if (player.speed) {
      const options = SPEEDS.map((speed) => make("option", { value: speed, text: `${speed}×` }));
      this.#speeds = make("select", { "aria-label": t("Speed") }, ...options);
      this.#speeds.addEventListener("change", () => this.#setSpeed(Number(this.#speeds.value)));
      tools.push(this.#speeds);
    }
    this.element = group(t("Playback"), ...tools);
    this.element.classList.add("transport");
    this.update();
  }

  /** Keys, and what they do. */
  get keys() {
    const { step, speed } = this.#player;
    const t = this.#t;
    return [
      [t("Space"), t("Play, pause")],
      ["← →", t("A second back, on")],
      [t("Home"), t("To the start")],
      ...(step ? [[", .", t("Pause, a frame back, on")]] : []),
      ["[ ]", t("Loop from here, to here")],
      ["\\", t("Loop no section")],
      ...(speed ? [["< >", t("Slower, faster")]] : []),
    ];
  }

  /** Whether a key was one of these. */
  press({ key }) {
    const player = this.#player;
    if (player.duration === 0) return false;
    if (key === " ") this.#toggle();
    else if (key === "ArrowLeft") this.#move(player.time - ARROW);
    else if (key === "ArrowRight") this.#move(player.time + ARROW);
    else if (key === "Home") this.#move(player.section?.start ?? 0);
    else if (key === "[") this.#loop(startingAt(player.section, player.time, player.duration));
    else if (key === "]") this.#loop(endingAt(player.section, player.time, player.duration));
    else if (key === "\\") this.#loop(null);
    else if (player.step && key === ",") player.step(-1);
    else if (player.step && key === ".") player.step(1);
    else if (player.speed && key === "<") this.#faster(-1);
    else if (player.speed && key === ">") this.#faster(1);
    else return false;
    return true;
  }

  /** Shows how the player stands. */
  update() {
    const { duration, time, playing, section, speed } = this.#player;
    const label = playing ? this.#t("Pause") : this.#t("Play");
    if (this.#play.title !== label) {
      this.#play.replaceChildren(icon(playing ? "pause" : "play"));
      this.#play.title = label;
      this.#play.setAttribute("aria-label", label);
    }
    // Not disabled, so that they keep the focus.
    this.#play.setAttribute("aria-disabled", String(duration === 0));
    this.#seek.max = duration;
    this.#seek.value = time;
    const text = `${clock(time)} / ${clock(duration)}`;
    if (this.#time.textContent !== text) {
      this.#time.textContent = text;
      this.#seek.setAttribute("aria-valuetext", this.#t("{0} of {1}", clock(time), clock(duration)));
    }
    this.#clear.setAttribute("aria-disabled", String(!section));
    markPart(this.#part, section, duration);
    if (speed) this.#speeds.value = speed;
  }

  #bracket(text, label, part) {
    const button = make("button", { type: "button", className: "tool", "aria-label": label, title: label, text });
    button.addEventListener("click", () => this.#loop(part(this.#player.section, this.#player.time, this.#player.duration)));
    return button;
  }

  #toggle() {
    if (this.#player.duration === 0) return;
    if (this.#player.playing) this.#player.pause();
    else this.#player.play();
  }

  #move(time) {
    this.#player.seek(Math.max(0, Math.min(time, this.#player.duration)));
  }

  #loop(section) {
    this.#player.loop(section);
    const t = this.#t;
    this.#say(section ? t("Looping from {0} to {1}.", clock(section.start), clock(section.end)) : t("Looping no section."));
  }

  #faster(steps) {
    const place = SPEEDS.indexOf(this.#player.speed) + steps;
    if (place in SPEEDS) this.#setSpeed(SPEEDS[place]);
  }

  #setSpeed(speed) {
    this.#player.speed = speed;
    this.#say(this.#t("Speed {0}.", speed));
  }
}

/** Shows a section on an element that lies over the whole. */
export function markPart(element, section, duration) {
  element.hidden = !section;
  if (!section) return;
  element.style.insetInlineStart = `${(100 * section.start) / duration}%`;
  element.style.inlineSize = `${(100 * (section.end - section.start)) / duration}%`;
}
