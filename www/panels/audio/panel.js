import { make } from "../../dom.js";
import { icon } from "../icons.js";
import { nameOf } from "../name.js";
import { tool } from "../tools.js";
import { markPart } from "../transport/controls.js";
import { Played } from "../transport/played.js";
import { Waveform } from "./waveform.js";

/** What is seen of one sound: its waveform with the position, and a button to hear it. */
export class Panel {
  medium;
  channel;
  /** In LUFS. */
  loudness;
  /** Largest magnitude of a sample. */
  most;
  played;
  #host;
  #button;
  #wave;
  #part = make("div", { className: "part" });
  #line = make("div", { className: "line" });

  /**
   * @param {import("../panels.js").Frame["t"]} t
   * @param {HTMLElement} host
   * @param {import("../panels.js").Medium} medium
   * @param {{channel: import("./mixer.js").Channel, loudness: number, peaks: Awaited<ReturnType<typeof import("./waveform.js").peaks>>}} sound
   * @param {object} acts
   * @param {() => void} acts.listen its button was pressed
   * @param {(share: number) => void} acts.point its waveform was pressed at this part of the width
   */
  constructor(t, host, medium, sound, { listen, point }) {
    this.medium = medium;
    this.channel = sound.channel;
    this.loudness = sound.loudness;
    this.most = sound.peaks.most;
    this.played = new Played(medium.report);
    this.#host = host;
    this.#button = tool("play", t("Listen to {0}", nameOf(t, medium)), listen);
    this.#wave = new Waveform(sound.peaks);
    // Time goes from left to right, whatever the writing does.
    const box = make("div", { className: "waves", dir: "ltr" }, this.#wave.element, this.#part, this.#line);
    box.addEventListener("click", ({ clientX }) => {
      const { left, width } = box.getBoundingClientRect();
      point((clientX - left) / width);
    });
    host.classList.add("sound");
    host.append(box, this.#button);
  }

  /** Draws the waveform so that samples of `most` fill the height and `duration` seconds the width. */
  fit(most, duration) {
    this.#wave.fit(most, this.channel.buffer.duration / duration);
  }

  /** Shows how it stands. */
  update({ isHeard, isPlaying, time, duration, section }) {
    const pressed = String(isHeard && isPlaying);
    if (this.#button.getAttribute("aria-pressed") !== pressed) {
      this.#button.setAttribute("aria-pressed", pressed);
      this.#button.replaceChildren(icon(isHeard && isPlaying ? "pause" : "play"));
    }
    this.#host.classList.toggle("heard", isHeard);
    this.#line.style.transform = `translateX(${(100 * time) / (duration || 1)}%)`;
    markPart(this.#part, section, duration);
  }

  remove() {
    this.played.stop();
    this.#host.classList.remove("sound", "heard");
    this.#host.replaceChildren();
  }
}
