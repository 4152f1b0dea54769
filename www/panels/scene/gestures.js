const WHEEL_ZOOM = 1.0015;
/** What one turn of a wheel may be at most, in pixels: some mice say thousands. */
const MAX_WHEEL = 240;
const LINE_PIXELS = 16;
const PAGE_PIXELS = 400;

/**
 * What the rater does to a panel by mouse, pen, touch and wheel. One finger or the first button turns; two fingers, another
 * button or Shift move; two fingers and the wheel zoom. The wheel does so only while the canvas has focus or Ctrl is held, so
 * that it does not trap the scrolling of the page.
 */
export class Gestures {
  #canvas;
  #on;
  #pointers = new Map();
  #abort = new AbortController();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {object} on
   * @param {() => void} on.start
   * @param {(right: number, down: number) => void} on.turn in parts of the canvas's shorter side
   * @param {(right: number, down: number) => void} on.pan in parts of the canvas's shorter side
   * @param {(factor: number) => void} on.enlarge
   * @param {() => void} on.end
   */
  constructor(canvas, on) {
    this.#canvas = canvas;
    this.#on = on;
    this.#listen('pointerdown', (event) => this.#down(event));
    this.#listen('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) this.#listen(type, (event) => this.#up(event));
    this.#listen('wheel', (event) => this.#wheel(event), { passive: false });
    this.#listen('contextmenu', (event) => event.preventDefault());
  }

  dispose() {
    this.#abort.abort();
  }

  #listen(type, listener, options) {
    this.#canvas.addEventListener(type, listener, { signal: this.#abort.signal, ...options });
  }

  #down(event) {
    if (this.#pointers.size === 0) this.#on.start();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  #up({ pointerId }) {
    if (this.#pointers.delete(pointerId) && this.#pointers.size === 0) this.#on.end();
  }

  #move(event) {
    const pointer = this.#pointers.get(event.pointerId);
    if (!pointer) return;
    const side = Math.min(this.#canvas.clientWidth, this.#canvas.clientHeight) || 1;
    const before = this.#spread();
    const [right, down] = [event.clientX - pointer.x, event.clientY - pointer.y];
    [pointer.x, pointer.y] = [event.clientX, event.clientY];
    if (this.#pointers.size > 1) {
      const fingers = this.#pointers.size;
      this.#on.pan(right / fingers / side, down / fingers / side);
      if (before > 0) this.#on.enlarge(this.#spread() / before);
    } else if (event.shiftKey || event.ctrlKey || event.metaKey || event.buttons > 1) {
      this.#on.pan(right / side, down / side);
    } else {
      this.#on.turn(right / side, down / side);
    }
  }

  /** How far two fingers are apart. */
  #spread() {
    const [a, b] = this.#pointers.values();
    return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  }

  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey && !this.#canvas.matches(':focus')) return;
    event.preventDefault();
    const unit = [1, LINE_PIXELS, PAGE_PIXELS][event.deltaMode];
    // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
    const pixels = event.deltaY * unit * (event.ctrlKey ? 8 : 1);
    this.#on.enlarge(WHEEL_ZOOM ** -Math.max(-MAX_WHEEL, Math.min(MAX_WHEEL, pixels)));
  }
}
