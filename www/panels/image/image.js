// Pictures: zoomed and moved together, compared in one place.
import { fixed, make } from "../../dom.js";
import { letter, nameOf } from "../name.js";
import { group, toggle, tool } from "../tools.js";
import { listen } from "./gestures.js";
import { Picture } from "./picture.js";
import { draggedBy, fitted, whole, zoomedAt } from "./view.js";

export const styles = new URL("./image.css", import.meta.url);

const STEP = 1.25;
/** What an arrow key moves, of a panel's size. */
const ARROW = 0.12;
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Ways to compare pictures in one place, which few raters need at once. */
const MODES = {
  flicker: async () => (await import("./flicker.js")).flicker,
  wipe: async () => (await import("./wipe.js")).wipe,
};

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open(frame) {
  return new ImageStage(frame);
}

class ImageStage {
  #frame;
  /** @type {Set<Panel>} */
  #panels = new Set();
  #view = whole();
  #drawing = 0;
  #comparison;
  #comparisons = 0;
  #isComparing = false;
  #readout;
  #flicker;
  #wipe;

  constructor(frame) {
    this.#frame = frame;
    const { t } = frame;
    this.#readout = make("output", { className: "zoom", dir: "ltr", "aria-label": t("Zoom") });
    this.#flicker = toggle("flicker", t("Compare in one place"), (on) => this.#compare(on ? "flicker" : undefined));
    this.#wipe = toggle("wipe", t("Compare two with a slider"), (on) => this.#compare(on ? "wipe" : undefined));
    frame.bar.append(
      group(
        t("Pictures"),
        tool("minus", t("Zoom out"), () => this.#zoom(1 / STEP)),
        this.#readout,
        tool("plus", t("Zoom in"), () => this.#zoom(STEP)),
        tool("fit", t("Whole pictures"), () => this.#look(whole())),
        this.#flicker.button,
        this.#wipe.button,
      ),
    );
    this.#tell();
  }

  get keys() {
    const { t, letters } = this.#frame;
    const comparing = [["V", t("Compare in one place: hold a letter")], ["W", t("Compare two with a slider")]];
    return [
      ["+ −", t("Zoom all pictures")],
      ["← → ↑ ↓", t("Move what is zoomed")],
      ["0", t("Whole pictures")],
      ...(letters ? comparing : []),
    ];
  }

  async show(host, medium) {
    // One file may be shown in several panels; the first has what was decoded, which is there with the first frame.
    const image = medium.picture.isConnected ? medium.picture.cloneNode() : medium.picture;
    if (!image.complete) await image.decode();
    const panel = new Panel(host, image, medium, nameOf(this.#frame.t, medium), (view) => (panel.linked ? this.#look(view, panel) : panel.look(view)));
    this.#panels.add(panel);
    const lock = toggle("lock", this.#frame.t("Move on its own"), (on) => {
      panel.own = on ? { ...this.#view } : undefined;
      panel.look(this.#view);
    });
    medium.corner.append(lock.button);
    panel.look(this.#view);
    return {
      remove: () => {
        this.#panels.delete(panel);
        panel.remove();
      },
    };
  }

  press(event) {
    if (this.#comparison?.press(event)) return true;
    const { key } = event;
    const letters = this.#frame.letters;
    // The options are covered, or about to be: no letter answers for one.
    if (this.#isComparing && letters && /^[a-uxyz]$/i.test(key)) return true;
    if (key === "+" || key === "=") this.#zoom(STEP);
    else if (key === "-" || key === "_") this.#zoom(1 / STEP);
    else if (key === "0") this.#look(whole());
    else if (letters && key.toLowerCase() === "v") this.#flicker.button.click();
    else if (letters && key.toLowerCase() === "w") this.#wipe.button.click();
    else if (key in ARROWS && this.#view.zoom > 1) this.#move(ARROWS[key]);
    else return false;
    return true;
  }

  close() {
    this.#compare();
    cancelAnimationFrame(this.#drawing);
  }

  /** The linked panel that keys and buttons are measured by. */
  get #leader() {
    return [...this.#panels].find((panel) => panel.linked);
  }

  #zoom(factor) {
    const { picture } = this.#leader ?? {};
    if (picture) this.#look(zoomedAt(this.#view, factor, { x: 0, y: 0 }, picture.size, picture.box));
  }

  #move([x, y]) {
    const { picture } = this.#leader ?? {};
    const move = { x: x * ARROW * picture?.box.width, y: y * ARROW * picture?.box.height };
    if (picture) this.#look(draggedBy(this.#view, move, picture.size, picture.box));
  }

  #look(view) {
    this.#view = view;
    // Any number of events a frame.
    this.#drawing ||= requestAnimationFrame(() => {
      this.#drawing = 0;
      for (const panel of this.#panels) panel.look(this.#view);
      this.#comparison?.look(this.#view);
      this.#tell();
    });
  }

  #tell() {
    this.#readout.textContent = `${fixed(this.#view.zoom, 1)}×`;
  }

  /** Shows pictures in one place, by the name of the way, or all beside each other. */
  async #compare(name) {
    this.#comparison?.remove();
    this.#comparison = undefined;
    const turn = ++this.#comparisons;
    const panels = [...this.#panels].sort((one, two) => one.order - two.order);
    const compares = panels.length > 1 ? name : undefined;
    this.#isComparing = Boolean(compares);
    for (const [other, { set }] of [["flicker", this.#flicker], ["wipe", this.#wipe]]) set(compares === other);
    if (!compares) return;
    try {
      const [{ Comparison }, mode] = await Promise.all([import("./comparison.js"), MODES[name]()]);
      if (turn !== this.#comparisons) return;
      this.#comparison = new Comparison(this.#frame, panels, mode, (view) => this.#look(view), () => this.#compare());
      this.#comparison.look(this.#view);
    } catch (error) {
      this.#frame.say(this.#frame.t("This cannot be shown now."));
      console.warn(`k-sort: pictures cannot be compared in one place: ${error.message}`);
      this.#compare();
    }
  }
}

/** One picture on its card. */
class Panel {
  /** The view of a panel that moves on its own. */
  own;
  /** What it is called inside a sentence. */
  name;
  #host;
  #medium;
  #change;
  #end;
  #resize = new ResizeObserver(() => this.#measure());
  #view = whole();
  #most = 1;

  constructor(host, image, medium, name, change) {
    this.#host = host;
    this.#medium = medium;
    this.name = name;
    this.#change = change;
    this.picture = new Picture(host, image, medium);
    this.#resize.observe(host);
    this.#end = listen(host, {
      zoom: (factor, point) => this.#turn(zoomedAt(this.#view, factor, point, this.picture.size, this.picture.box)),
      drag: (move) => this.#turn(draggedBy(this.#view, move, this.picture.size, this.picture.box)),
      toggle: (point) => this.#toggle(point),
      isZoomed: () => this.#view.zoom > 1,
    });
  }

  get linked() {
    return this.own === undefined;
  }

  /** The reference comes first. */
  get order() {
    return this.#medium.option;
  }

  get letter() {
    return this.order < 0 ? "R" : letter(this.order);
  }

  get format() {
    return this.#medium.format;
  }

  look(view) {
    this.#view = this.own ?? view;
    this.picture.show(this.#view);
    this.#host.classList.toggle("zoomed", this.#view.zoom > 1);
    if (this.#view.zoom <= this.#most) return;
    this.#most = this.#view.zoom;
    this.#medium.report("zoom", this.#most);
  }

  remove() {
    this.#end();
    this.#resize.disconnect();
    this.picture.remove();
  }

  #turn(view) {
    if (!this.linked) this.own = view;
    // What follows in the same frame goes on from here.
    this.#view = view;
    this.#change(view);
  }

  /** To the picture's own pixels, or well above the size that fits, and back. */
  #toggle(point) {
    const { size, box } = this.picture;
    const zoom = Math.max(2.5, 1 / fitted(size, box).scale);
    this.#turn(this.#view.zoom > 1 ? whole() : zoomedAt(this.#view, zoom, point, size, box));
  }

  #measure() {
    this.picture.measure(this.#host);
    this.picture.show(this.#view);
  }
}
