// Pictures in one place: one after another, or two behind a slider.
import { make } from "../../dom.js";
import { tool } from "../tools.js";
import { listen } from "./gestures.js";
import { Picture } from "./picture.js";
import { draggedBy, whole, zoomedAt } from "./view.js";

/** Covers the options with one place for pictures, which is looked at like the panels below. */
class Comparison {
  /** @type {Picture[]} in the order of `panels` */
  pictures;
  panels;
  place = make("div", { className: "place", tabindex: "0" });
  cover = make("div", { className: "comparison" });
  #view = whole();
  #end;
  #resize;

  /**
   * @param {import("../panels.js").Frame} frame
   * @param {object[]} panels in order
   * @param {(view: import("./view.js").View) => void} change
   * @param {() => void} leave
   */
  constructor(frame, panels, change, leave) {
    this.panels = panels;
    this.leave = leave;
    const stage = frame.page.querySelector(".stage");
    this.before = frame.page.getRootNode().activeElement;
    this.cover.append(this.place, make("div", { className: "choices" }, ...this.choices(), tool("fit", "Back to all", leave)));
    stage.append(this.cover);
    this.pictures = panels.map((panel) => new Picture(this.place, panel.picture.copy(), { label: panel.name, format: "" }));
    const first = () => this.pictures[0];
    const turn = (view) => {
      this.#view = view;
      change(view);
    };
    this.#end = listen(this.place, {
      zoom: (factor, point) => turn(zoomedAt(this.#view, factor, point, first().size, first().box)),
      drag: (move) => turn(draggedBy(this.#view, move, first().size, first().box)),
      toggle: (point) => turn(this.#view.zoom > 1 ? whole() : zoomedAt(this.#view, 2.5, point, first().size, first().box)),
      isZoomed: () => this.#view.zoom > 1,
    });
    this.#resize = new ResizeObserver(() => {
      for (const picture of this.pictures) picture.measure(this.place);
      this.look(this.#view);
    });
    this.#resize.observe(this.place);
    this.show();
    this.place.focus({ preventScroll: true });
    frame.say("Escape goes back to all options.");
  }

  look(view) {
    this.#view = view;
    for (const picture of this.pictures) picture.show(view);
  }

  /** Which pictures can be seen now; the others' time stands still. */
  seen(isSeen) {
    for (const [n, panel] of this.panels.entries()) panel.report("seen", isSeen(n) ? 1 : 0);
  }

  press({ key }) {
    if (key !== "Escape") return false;
    this.leave();
    return true;
  }

  remove() {
    this.#end();
    this.#resize.disconnect();
    const hadFocus = this.cover.contains(this.cover.getRootNode().activeElement);
    this.cover.remove();
    this.seen(() => true);
    if (hadFocus) this.before?.focus({ preventScroll: true });
  }
}

/** One picture at a time; holding a letter shows that option. */
export class Flicker extends Comparison {
  #stays = 0;
  #held;

  choices() {
    return this.panels.map((panel, n) => {
      const button = make("button", { type: "button", text: panel.letter, "aria-label": `Show ${panel.name}` });
      button.addEventListener("click", () => this.#stay(n));
      button.addEventListener("pointerdown", () => this.#hold(n));
      for (const type of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(type, () => this.#hold(undefined));
      return button;
    });
  }

  show() {
    const shown = this.#held ?? this.#stays;
    const images = this.place.querySelectorAll(".picture");
    for (const [n, image] of images.entries()) image.style.visibility = n === shown ? "visible" : "hidden";
    const buttons = this.cover.querySelectorAll(".choices button[aria-label^=Show]");
    for (const [n, button] of buttons.entries()) button.setAttribute("aria-pressed", String(n === shown));
    this.place.setAttribute("aria-label", `In one place: ${this.panels[shown].name}`);
    this.place.setAttribute("role", "group");
    this.seen((n) => n === shown);
  }

  press(event) {
    if (super.press(event)) return true;
    const n = this.panels.findIndex((panel) => panel.letter.toLowerCase() === event.key.toLowerCase());
    if (n < 0) return false;
    if (event.repeat) return true;
    this.#hold(n);
    const { key } = event;
    const release = (up) => {
      if (up.key.toLowerCase() !== key.toLowerCase()) return;
      removeEventListener("keyup", release, true);
      if (this.#held === n) this.#hold(undefined);
    };
    addEventListener("keyup", release, true);
    return true;
  }

  #hold(n) {
    this.#held = n;
    if (this.cover.isConnected) this.show();
  }

  #stay(n) {
    this.#stays = n;
    this.show();
  }
}

/** Two pictures, the one over the other up to a line that is moved. */
export class Wipe extends Comparison {
  #slider = make("input", { type: "range", min: "0", max: "100", step: "0.5", value: "50", "aria-label": "Where one picture ends and the other begins" });
  #line = make("div", { className: "line", "aria-hidden": "true" });
  #sides;

  choices() {
    // The first two options; the reference only where it is asked for.
    const options = this.panels.map((_, n) => n).filter((n) => this.panels[n].order >= 0);
    this.#sides = [options[0] ?? 0, options[1] ?? 1].map((chosen, side) => {
      const select = make("select", { "aria-label": side === 0 ? "Left picture" : "Right picture" });
      select.append(...this.panels.map((panel, n) => make("option", { value: n, text: panel.letter })));
      select.value = chosen;
      select.addEventListener("change", () => this.show());
      return select;
    });
    this.#slider.addEventListener("input", () => this.show());
    return [this.#sides[0], this.#slider, this.#sides[1]];
  }

  show() {
    const [left, right] = this.#sides.map((select) => Number(select.value));
    const at = `${this.#slider.value}%`;
    const boxes = this.place.querySelectorAll(".side");
    if (boxes.length === 0) this.#wrap();
    for (const [n, side] of this.place.querySelectorAll(".side").entries()) {
      side.style.visibility = n === left || n === right ? "visible" : "hidden";
      side.style.clipPath = n === left ? `inset(0 calc(100% - ${at}) 0 0)` : n === right ? `inset(0 0 0 ${at})` : "";
    }
    this.#line.style.insetInlineStart = at;
    this.place.setAttribute("role", "group");
    this.place.setAttribute("aria-label", `${this.panels[left].name} on the left, ${this.panels[right].name} on the right`);
    this.seen((n) => n === left || n === right);
  }

  /** Clips are of boxes that do not move with the pictures. */
  #wrap() {
    for (const image of this.place.querySelectorAll(".picture")) {
      const side = make("div", { className: "side" });
      image.replaceWith(side);
      side.append(image);
    }
    this.place.append(this.#line);
  }
}
