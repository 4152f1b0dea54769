// Pictures in one place, which covers the options and is looked at as they are.
import { make } from "../../dom.js";
import { tool } from "../tools.js";
import { listen } from "./gestures.js";
import { Picture } from "./picture.js";
import { draggedBy, whole, zoomedAt } from "./view.js";

/**
 * How pictures are compared in one place.
 *
 * @typedef {object} Mode
 * @property {HTMLElement[]} choices what the rater has below the place
 * @property {(boxes: HTMLElement[], place: HTMLElement) => {name: string, seen: (n: number) => boolean}} show shows what is chosen in
 *   `boxes`, one a picture; gives what that is, and which pictures can be seen
 * @property {(event: KeyboardEvent) => boolean} press whether a key was one of the mode's
 */

export class Comparison {
  #frame;
  #panels;
  #mode;
  #leave;
  #pictures;
  #boxes;
  #before;
  #stage;
  #scrolled;
  #behind;
  #end;
  #view = whole();
  #place = make("div", { className: "place", role: "group", tabindex: "0" });
  // What is on the left stays there, whatever the page's direction.
  #cover = make("div", { className: "comparison", dir: "ltr" });
  #resize = new ResizeObserver(() => this.#measure());

  /**
   * @param {import("../panels.js").Frame} frame
   * @param {object[]} panels in order
   * @param {(t: import("../panels.js").Frame["t"], panels: object[], show: () => void) => Mode} mode
   * @param {(view: import("./view.js").View) => void} change
   * @param {() => void} leave
   */
  constructor(frame, panels, mode, change, leave) {
    this.#frame = frame;
    this.#panels = panels;
    this.#leave = leave;
    this.#mode = mode(frame.t, panels, () => this.#show());
    this.#before = frame.page.getRootNode().activeElement;
    this.#boxes = panels.map(() => make("div", { className: "box" }));
    this.#place.append(...this.#boxes);
    const back = make("button", { type: "button", text: frame.t("Back to all") });
    back.addEventListener("click", leave);
    this.#cover.append(this.#place, make("div", { className: "choices" }, ...this.#mode.choices, back));
    this.#stage = frame.page.querySelector(".stage");
    this.#scrolled = this.#stage.scrollTop;
    this.#stage.scrollTop = 0;
    this.#stage.classList.add("covered");
    this.#behind = [...this.#stage.children];
    for (const element of this.#behind) element.inert = true;
    this.#stage.append(this.#cover);
    this.#pictures = panels.map((panel, n) => new Picture(this.#boxes[n], panel.picture.copy(), { label: panel.name, format: panel.format }));
    const [first] = this.#pictures;
    const turn = (view) => {
      this.#view = view;
      change(view);
    };
    const zoom = (factor, point) => turn(zoomedAt(this.#view, factor, point, first.size, first.box));
    this.#end = listen(this.#place, {
      zoom,
      drag: (move) => turn(draggedBy(this.#view, move, first.size, first.box)),
      toggle: (point) => (this.#view.zoom > 1 ? turn(whole()) : zoom(2.5, point)),
      isZoomed: () => this.#view.zoom > 1,
    });
    this.#resize.observe(this.#place);
    this.#show();
    this.#place.focus({ preventScroll: true });
    frame.say(frame.t("Escape goes back to all options."));
  }

  /** @param {import("./view.js").View} view */
  look(view) {
    this.#view = view;
    this.#place.classList.toggle("zoomed", view.zoom > 1);
    for (const picture of this.#pictures) picture.show(view);
  }

  press(event) {
    if (event.key !== "Escape") return this.#frame.letters && this.#mode.press(event);
    this.#leave();
    return true;
  }

  remove() {
    this.#end();
    this.#resize.disconnect();
    const hadFocus = this.#cover.contains(this.#cover.getRootNode().activeElement);
    this.#cover.remove();
    this.#stage.classList.remove("covered");
    for (const element of this.#behind) element.inert = false;
    this.#stage.scrollTop = this.#scrolled;
    this.#frame.cover();
    if (hadFocus) this.#before?.focus({ preventScroll: true });
  }

  #show() {
    if (!this.#cover.isConnected) return;
    const { name, seen } = this.#mode.show(this.#boxes, this.#place);
    this.#place.setAttribute("aria-label", name);
    // The time of what cannot be seen stands still.
    this.#frame.cover((option) => seen(this.#panels.findIndex((panel) => panel.order === option)));
  }

  #measure() {
    for (const [n, picture] of this.#pictures.entries()) picture.measure(this.#boxes[n]);
    this.look(this.#view);
  }
}
