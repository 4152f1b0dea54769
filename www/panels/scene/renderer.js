import { NeutralToneMapping, WebGLRenderer } from 'three';
import { SceneError } from './errors.js';
import { makeEnvironment } from './light.js';

/** The next trial mostly comes at once, and to start again costs up to seconds without a GPU. */
const IDLE_MS = 10_000;
const RESTORE_TIMEOUT_MS = 10_000;

let shared;

/**
 * The page's one renderer: a browser allows 8 to 16 WebGL contexts in a page, fewer than a trial
 * may have scenes. Made when first needed, and freed when it had no view for a while.
 *
 * @returns {SharedRenderer}
 * @throws {SceneError} `webgl`
 */
export function sharedRenderer() {
  shared ??= new SharedRenderer();
  return shared;
}

/** What the page's renderer holds, for tests; undefined where there is none. */
export function diagnostics() {
  return shared?.memory;
}

/**
 * Draws views into one off-screen buffer, each copied to the 2D canvas of its panel.
 *
 * @typedef {object} View
 * @property {{width: number, height: number}} size of its picture, in device pixels
 * @property {(now: number) => void} frame draws one frame
 * @property {() => void} invalidate asks for a frame
 * @property {() => void} restore the context was lost, and is there again
 * @property {(error: SceneError) => void} fail
 */
class SharedRenderer {
  #canvas = document.createElement('canvas');
  #renderer;
  #environment;
  #views = new Set();
  #waiting = new Set();
  #frame = 0;
  #idle = 0;
  #lost = false;
  #giveUp = 0;

  constructor() {
    try {
      this.#renderer = new WebGLRenderer({ canvas: this.#canvas, antialias: true, alpha: true });
    } catch (cause) {
      throw new SceneError('webgl', String(cause), cause);
    }
    this.#renderer.toneMapping = NeutralToneMapping;
    this.#renderer.setScissorTest(true);
    this.#environment = makeEnvironment(this.#renderer);
    this.#canvas.addEventListener('webglcontextlost', this.#onLost);
    this.#canvas.addEventListener('webglcontextrestored', this.#onRestored);
  }

  /** For what draws by itself, such as splats. */
  get three() {
    return this.#renderer;
  }

  /** What the GPU holds, by three.js's count. */
  get memory() {
    return { ...this.#renderer.info.memory, programs: this.#renderer.info.programs.length, views: this.#views.size };
  }

  /** Tells a loader of textures which formats the GPU reads. */
  detectTextures(loader) {
    loader.detectSupport(this.#renderer);
  }

  /** @param {View} view */
  add(view) {
    clearTimeout(this.#idle);
    this.#views.add(view);
  }

  /** @param {View} view */
  remove(view) {
    this.#views.delete(view);
    this.cancel(view);
    if (this.#views.size === 0) this.#idle = setTimeout(() => this.#dispose(), IDLE_MS);
  }

  /** Calls `view.frame` once, before the next repaint. */
  request(view) {
    this.#waiting.add(view);
    if (this.#frame === 0 && !this.#lost) this.#frame = requestAnimationFrame(this.#onFrame);
  }

  /** Takes a request back. */
  cancel(view) {
    this.#waiting.delete(view);
  }

  /** Makes the buffer just large enough for every view; to be called when one has a new size. */
  fit() {
    const sizes = Array.from(this.#views, (view) => view.size);
    const width = Math.max(1, ...sizes.map((size) => size.width));
    const height = Math.max(1, ...sizes.map((size) => size.height));
    if (width === this.#canvas.width && height === this.#canvas.height) return;
    this.#renderer.setSize(width, height, false);
  }

  /** Draws a scene over the whole of a 2D canvas, which keeps its picture if this is not possible. */
  draw(scene, camera, context) {
    if (this.#lost) return;
    const { width, height } = context.canvas;
    scene.environment = this.#environment.texture;
    this.#renderer.setViewport(0, 0, width, height);
    this.#renderer.setScissor(0, 0, width, height);
    this.#renderer.render(scene, camera);
    context.globalCompositeOperation = 'copy';
    // WebGL counts rows from the bottom, the 2D canvas from the top.
    const top = this.#canvas.height - height;
    context.drawImage(this.#canvas, 0, top, width, height, 0, 0, width, height);
  }

  #dispose() {
    this.#forget();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#giveUp);
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost);
    this.#canvas.removeEventListener('webglcontextrestored', this.#onRestored);
    this.#environment.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  /** Lets the next view start with a new renderer. */
  #forget() {
    if (shared === this) shared = undefined;
  }

  #onFrame = (now) => {
    this.#frame = 0;
    const views = [...this.#waiting];
    this.#waiting.clear();
    for (const view of views) view.frame(now);
  };

  #onLost = () => {
    this.#lost = true;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#giveUp = setTimeout(() => {
      this.#forget();
      for (const view of this.#views) view.fail(new SceneError('context-lost'));
    }, RESTORE_TIMEOUT_MS);
  };

  #onRestored = () => {
    clearTimeout(this.#giveUp);
    this.#lost = false;
    // The old one is gone with the old context.
    this.#environment = makeEnvironment(this.#renderer);
    for (const view of this.#views) view.restore();
  };
}
