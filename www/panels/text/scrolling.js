/**
 * Scrolls texts of different lengths together, by fraction, and reports how far each was read.
 *
 * @typedef {object} Scroller
 * @property {HTMLElement} element
 * @property {import("../panels.js").Medium} medium
 * @property {boolean} linked whether it goes with the others
 */

/** Pixels that a browser may be off where it rounds a position. */
const ROUNDING = 1.5;

export class Scrolling {
  /** How far all that are linked are scrolled, from 0 to 1. */
  #at = 0;
  /** @type {Map<Scroller, {set: number, farthest: number}>} where each was put last, and how much of it came into view */
  #known = new Map();
  #sizes = new ResizeObserver((entries) => {
    for (const scroller of this.#known.keys()) if (entries.some(({ target }) => target === scroller.element)) this.settle(scroller);
  });

  /** @param {Scroller} scroller */
  add(scroller) {
    this.#known.set(scroller, { set: 0, farthest: 0 });
    scroller.element.addEventListener("scroll", () => this.#scrolled(scroller), { passive: true });
    this.#sizes.observe(scroller.element);
    this.settle(scroller);
  }

  /** @param {Scroller} scroller */
  remove(scroller) {
    this.#known.delete(scroller);
    this.#sizes.unobserve(scroller.element);
  }

  /** Puts it where the others are, after its size or what is in it has changed. */
  settle(scroller) {
    if (scroller.linked) {
      scroller.element.scrollTop = this.#at * range(scroller);
      this.#known.get(scroller).set = scroller.element.scrollTop;
    }
    this.#note(scroller);
  }

  /**
   * Scrolls all that are linked.
   *
   * @param {(longest: HTMLElement) => number} distance in pixels of the longest of them
   * @returns {boolean} whether there was anything to scroll
   */
  move(distance) {
    const linked = [...this.#known.keys()].filter((scroller) => scroller.linked);
    const longest = linked.reduce((one, other) => (one && range(one) >= range(other) ? one : other), undefined);
    if (!longest || range(longest) <= 0) return false;
    this.#at = Math.min(1, Math.max(0, this.#at + distance(longest.element) / range(longest)));
    for (const scroller of linked) this.settle(scroller);
    return true;
  }

  close() {
    this.#sizes.disconnect();
    this.#known.clear();
  }

  #scrolled(scroller) {
    const known = this.#known.get(scroller);
    if (!known) return;
    this.#note(scroller);
    const { scrollTop } = scroller.element;
    // It was put there; or there is nothing that others could follow.
    if (!scroller.linked || Math.abs(scrollTop - known.set) < ROUNDING || range(scroller) <= 0) return;
    known.set = scrollTop;
    this.#at = Math.min(1, Math.max(0, scrollTop / range(scroller)));
    for (const other of this.#known.keys()) if (other !== scroller && other.linked) this.settle(other);
  }

  /** Reports what came into view for the first time, if it is worth it. */
  #note(scroller) {
    const { scrollTop, clientHeight, scrollHeight } = scroller.element;
    if (clientHeight === 0) return;
    const known = this.#known.get(scroller);
    const seen = scrollTop + clientHeight + ROUNDING >= scrollHeight ? 1 : (scrollTop + clientHeight) / scrollHeight;
    if (seen < known.farthest + 0.01 && (seen < 1 || known.farthest === 1)) return;
    known.farthest = seen;
    scroller.medium.report("scrolled", seen);
  }
}

/** Pixels that it can be scrolled by. */
function range({ element }) {
  return element.scrollHeight - element.clientHeight;
}
