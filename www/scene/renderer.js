import { NeutralToneMapping, PMREMGenerator, WebGLRenderer } from 'three';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';
import { SceneError } from './errors.js';

const ENVIRONMENT_BLUR = 0.04;
const RESTORE_TIMEOUT_MS = 10_000;

let shared;

/**
 * Adds a view to the page's one renderer, which is made for the first view. A browser allows 8 to
 * 16 WebGL contexts in a page, fewer than a trial may have scenes.
 *
 * @param {View} view
 * @returns {SharedRenderer}
 * @throws {SceneError} `webgl`
 *
 * @typedef {object} View
 * @property {{width: number, height: number}} size of its picture, in device pixels
 * @property {(now: number) => void} frame draws one frame
 * @property {() => void} invalidate asks for a frame
 * @property {(error: SceneError) => void} fail
 */
export function attach(view) {
  shared ??= new SharedRenderer();
  shared.views.add(view);
  return shared;
}

/** Takes a view out; the context is freed with the last one. */
export function detach(view) {
  shared.views.delete(view);
  shared.cancel(view);
  if (shared.views.size > 0) {
    shared.fit();
  } else {
    shared.dispose();
    shared = undefined;
  }
}

/** Draws all views into one off-screen buffer, each copied to the 2D canvas of its panel. */
class SharedRenderer {
  views = new Set();
  #canvas = document.createElement('canvas');
  #renderer;
  #environment;
  #waiting = new Set();
  #frame = 0;
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
    this.#makeEnvironment();
    this.#canvas.addEventListener('webglcontextlost', this.#onLost);
    this.#canvas.addEventListener('webglcontextrestored', this.#onRestored);
  }

  /** Counts of what is on the GPU, for tests. */
  get info() {
    return this.#renderer.info;
  }

  /** Calls `view.frame` once, before the next repaint. */
  request(view) {
    this.#waiting.add(view);
    if (this.#frame === 0 && !this.#lost) this.#frame = requestAnimationFrame(this.#onFrame);
  }

  cancel(view) {
    this.#waiting.delete(view);
  }

  /** Makes the buffer as large as the largest view in each direction. */
  fit() {
    let [width, height] = [1, 1];
    for (const { size } of this.views) {
      width = Math.max(width, size.width);
      height = Math.max(height, size.height);
    }
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

  dispose() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#giveUp);
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost);
    this.#canvas.removeEventListener('webglcontextrestored', this.#onRestored);
    this.#environment.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  #makeEnvironment() {
    const generator = new PMREMGenerator(this.#renderer);
    const room = new RoomEnvironment();
    this.#environment = generator.fromScene(room, ENVIRONMENT_BLUR);
    room.dispose();
    generator.dispose();
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
      for (const view of this.views) view.fail(new SceneError('context-lost'));
    }, RESTORE_TIMEOUT_MS);
  };

  #onRestored = () => {
    clearTimeout(this.#giveUp);
    this.#lost = false;
    // The old one is gone with the old context.
    this.#makeEnvironment();
    for (const view of this.views) view.invalidate();
  };
}
