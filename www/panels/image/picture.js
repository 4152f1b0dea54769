import { clamped, offset, showsPixels } from "./view.js";

/** A picture in a box, seen as a view says. */
export class Picture {
  /** Size of its box, in CSS pixels. */
  box = { width: 1, height: 1 };
  /** Its own size, in its own pixels; 0 where it has none. */
  size;
  #image;
  #vector;
  #shown = "";

  /**
   * @param {HTMLElement} box
   * @param {HTMLImageElement} image decoded
   * @param {{label: string, format: string}} medium
   */
  constructor(box, image, { label, format }) {
    image.alt = label;
    image.draggable = false;
    image.className = "picture";
    image.style.transform = "";
    image.decoding = "sync";
    this.#image = image;
    this.#vector = format.startsWith("svg");
    this.size = { width: image.naturalWidth, height: image.naturalHeight };
    box.append(image);
    this.measure(box);
  }

  /** Takes the size of its box anew. */
  measure(box) {
    this.box = { width: Math.max(1, box.clientWidth), height: Math.max(1, box.clientHeight) };
    this.#shown = "";
  }

  /** @param {import("./view.js").View} view */
  show(view) {
    const own = clamped(view, this.size, this.box);
    const { x, y } = offset(own, this.size, this.box);
    const crisp = !this.#vector && showsPixels(own, this.size, this.box, devicePixelRatio);
    const transform = own.zoom === 1 ? "" : `translate(${x}px, ${y}px) scale(${own.zoom})`;
    const shown = `${transform} ${crisp}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#image.style.transform = transform;
    this.#image.classList.toggle("crisp", crisp);
  }

  /** Another element that shows the same. */
  copy() {
    return this.#image.cloneNode();
  }

  remove() {
    this.#image.remove();
  }
}
