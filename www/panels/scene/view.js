import { PerspectiveCamera, Scene, Spherical } from 'three';
import { SceneControls } from './controls.js';
import { freeModel } from './free.js';
import { light } from './light.js';
import { stageModel } from './model.js';
import { Playback } from './playback.js';
import { sharedRenderer } from './renderer.js';

const KEYS_HELP = 'Arrow keys turn, plus and minus zoom, 0 resets.';
const PLAY_HELP = 'Space plays and pauses.';

const FIELD_OF_VIEW = (30 * Math.PI) / 180;
const MARGIN = 1.05;
const DISTANCE = MARGIN / Math.sin(FIELD_OF_VIEW / 2);
/** From slightly above, and slightly to the right of the front, which glTF puts at +Z. */
const START = new Spherical(DISTANCE, (75 * Math.PI) / 180, (25 * Math.PI) / 180);

const MAX_PIXEL_RATIO = 2;
/** Tells of a new pixel ratio as well, as on a move to another screen; Safari does not have it. */
const OBSERVED_BOX =
  'devicePixelContentBoxSize' in ResizeObserverEntry.prototype ? 'device-pixel-content-box' : 'content-box';

/** One model in one panel. */
export class SceneView {
  /** @type {((rotations: number) => void) | null} called when the rater has turned the model, with the total */
  onInteract = null;
  /** @type {((error: Error) => void) | null} called if the model can no longer be drawn */
  onError = null;

  /** Size of the picture, in device pixels; 0 before the first layout. */
  size = { width: 0, height: 0 };

  #canvas = document.createElement('canvas');
  #context = this.#canvas.getContext('2d');
  #model;
  #scene = new Scene();
  #camera = new PerspectiveCamera();
  #playback;
  #controls;
  #renderer;
  #rotations = 0;
  #visible = false;
  #stale = true;
  #disposed = false;
  #stillness = matchMedia('(prefers-reduced-motion: reduce)');
  #resize = new ResizeObserver(([entry]) => this.#onResize(entry));
  #intersection = new IntersectionObserver((entries) => this.#onVisible(entries.at(-1).isIntersecting));

  /**
   * @param {HTMLElement} host
   * @param {{model: import('three').Object3D, clip?: import('three').AnimationClip}} loaded
   * @param {{label: string, help?: string}} options
   */
  constructor(host, { model, clip }, options) {
    this.#model = model;
    this.#playback = new Playback(model, clip);
    try {
      this.#scene.add(stageModel(model, this.#playback));
      this.#renderer = sharedRenderer();
    } catch (error) {
      freeModel(model);
      throw error;
    }

    this.#renderer.add(this);
    light(this.#scene);
    this.#camera.near = DISTANCE / 100;
    this.#camera.far = DISTANCE * 5;
    this.#camera.position.setFromSpherical(START);
    this.#fillHost(host, options);
    this.#controls = new SceneControls(this.#camera, this.#canvas, {
      change: () => this.invalidate(),
      turn: () => this.onInteract?.(++this.#rotations),
      toggle: () => this.#toggle(),
    });

    this.#stillness.addEventListener('change', this.#onStillness);
    this.#onStillness();
    this.#resize.observe(this.#canvas, { box: OBSERVED_BOX });
    this.#intersection.observe(this.#canvas);
  }

  /** Whether the model has an animation. */
  get animated() {
    return this.#playback.animated;
  }

  /** Whether the animation runs; at first it does, unless the rater prefers reduced motion. */
  get playing() {
    return this.#playback.playing;
  }

  set playing(on) {
    if (this.#disposed) return;
    this.#playback.playing = on;
    this.invalidate();
  }

  /** Asks for a new picture, drawn once the view is on the screen. */
  invalidate() {
    this.#stale = true;
    if (this.#visible && this.size.width > 0) this.#renderer.request(this);
  }

  /** Draws one frame; called by the renderer. */
  frame(now) {
    this.#stale = false;
    this.#playback.advance(now);
    this.#controls.update();
    this.#renderer.draw(this.#scene, this.#camera, this.#context);
    if (this.playing) this.invalidate();
  }

  /** Called by the renderer when its context is lost for good. */
  fail(error) {
    this.onError?.(error);
  }

  /** Frees everything; the page's renderer too, a little later, if no view is left. Can be called twice. */
  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    this.onInteract = null;
    this.onError = null;
    this.#resize.disconnect();
    this.#intersection.disconnect();
    this.#stillness.removeEventListener('change', this.#onStillness);
    this.#controls.dispose();
    this.#playback.dispose();
    freeModel(this.#model);
    this.#renderer.remove(this);
    this.#canvas.remove();
  }

  #fillHost(host, { label, help }) {
    const canvas = this.#canvas;
    canvas.tabIndex = 0;
    // Not an image: a screen reader must pass the arrow keys on.
    canvas.setAttribute('role', 'application');
    const keys = help ?? (this.animated ? `${KEYS_HELP} ${PLAY_HELP}` : KEYS_HELP);
    canvas.setAttribute('aria-label', `${label}. ${keys}`);
    // Out of the flow, so that the size of the picture never decides the size of the host.
    Object.assign(canvas.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' });
    canvas.style.outlineOffset = '-2px';
    if (getComputedStyle(host).position === 'static') host.style.position = 'relative';
    host.append(canvas);
  }

  #toggle() {
    if (this.animated) this.playing = !this.playing;
    return this.animated;
  }

  #onStillness = () => {
    this.#controls.damping = !this.#stillness.matches;
    this.playing = !this.#stillness.matches;
  };

  #onVisible(visible) {
    this.#visible = visible;
    if (visible && (this.#stale || this.playing)) this.invalidate();
    if (!visible) this.#renderer.cancel(this);
  }

  #onResize(entry) {
    const [width, height] = pixelSize(entry);
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    if (width === 0 || height === 0) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#camera.aspect = width / height;
    // The sphere fills the shorter side.
    const tangent = Math.tan(FIELD_OF_VIEW / 2) / Math.min(1, this.#camera.aspect);
    this.#camera.fov = (2 * Math.atan(tangent) * 180) / Math.PI;
    this.#camera.updateProjectionMatrix();
    this.#renderer.fit();
    this.invalidate();
  }
}

/** Width and height in device pixels, of which no more than two are drawn for a CSS pixel. */
function pixelSize(entry) {
  const { inlineSize, blockSize } = entry.contentBoxSize[0];
  const ratio = Math.min(devicePixelRatio, MAX_PIXEL_RATIO);
  return [Math.round(inlineSize * ratio), Math.round(blockSize * ratio)];
}
