import { PerspectiveCamera, Scene } from 'three';
import { make } from '../../dom.js';
import { countsOf } from './counts.js';
import { damaged } from './errors.js';
import { freeModel } from './free.js';
import { Gestures } from './gestures.js';
import { light } from './light.js';
import { Looks } from './looks.js';
import { stageModel } from './model.js';
import { Playback } from './playback.js';
import { DISTANCE, FIELD_OF_VIEW } from './pose.js';

const MAX_PIXEL_RATIO = 2;
/** Tells of a new pixel ratio as well, as on a move to another screen; Safari does not have it. */
const OBSERVED_BOX =
  'devicePixelContentBoxSize' in ResizeObserverEntry.prototype ? 'device-pixel-content-box' : 'content-box';

/**
 * One scene in one panel: draws it when asked to, and says what the rater does to it.
 *
 * @typedef {object} Owner what a view asks, and tells
 * @property {import('./pose.js').Pose} pose where its camera is
 * @property {(now: number) => void} begin a frame begins
 * @property {number} time of the animations, in seconds
 * @property {boolean} moving whether another frame is to follow
 * @property {(error: Error) => void} fail
 */
export class SceneView {
  /** Size of the picture, in device pixels; 0 before the first layout. */
  size = { width: 0, height: 0 };
  /** Resolves when there is a picture, or when the panel is not on the screen. */
  shown;

  #canvas;
  #context;
  #caption = make('p', { className: 'caption', hidden: '' });
  #loaded;
  #scene = new Scene();
  #camera = new PerspectiveCamera();
  #playback;
  #looks;
  #t;
  #sorter;
  #gestures;
  #renderer;
  #owner;
  #tellShown;
  #visible = false;
  #stale = true;
  #disposed = false;
  #resize = new ResizeObserver(([entry]) => this.#onResize(entry));
  #intersection = new IntersectionObserver((entries) => this.#onVisible(entries.at(-1).isIntersecting));

  /**
   * @param {HTMLElement} host
   * @param {import('./load.js').Loaded} loaded which is the view's from now on
   * @param {import('./renderer.js').SharedRenderer} renderer
   * @param {Owner} owner
   * @param {{t: import('../panels.js').Frame['t'], label: string, gestures: object, press: (event: KeyboardEvent) => boolean}} controls
   */
  constructor(host, loaded, renderer, owner, { t, label, gestures, press }) {
    this.#t = t;
    this.#loaded = loaded;
    this.#renderer = renderer;
    this.#owner = owner;
    this.shown = new Promise((resolve) => (this.#tellShown = resolve));
    this.#playback = new Playback(loaded.model, loaded.clip);
    try {
      this.#scene.add(stageModel(loaded, this.#playback));
    } catch (error) {
      freeModel(loaded.model);
      throw damaged(error);
    }
    this.#looks = new Looks(loaded.model);
    light(this.#scene);
    this.#camera.near = DISTANCE / 100;
    this.#camera.far = DISTANCE * 5;
    this.#sort();

    // Not an image: a screen reader must pass the keys on.
    this.#canvas = make('canvas', { className: 'view', tabindex: '0', role: 'application', 'aria-label': label });
    this.#context = this.#canvas.getContext('2d');
    this.#gestures = new Gestures(this.#canvas, gestures);
    this.#canvas.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || !press(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    host.append(this.#canvas, this.#caption);
    renderer.add(this);
    this.#resize.observe(this.#canvas, { box: OBSERVED_BOX });
    this.#intersection.observe(this.#canvas);
  }

  /** Whether the scene has an animation. */
  get animated() {
    return this.#playback.animated;
  }

  /** Shows the scene in one of the ways that a study names. */
  look(name) {
    const { splats } = this.#loaded;
    this.#looks.set(name);
    const text = name === 'counts' ? countsOf(this.#loaded, this.#t) : splats && name !== 'shaded' ? this.#t('Splats: shaded only') : '';
    this.#caption.textContent = text;
    this.#caption.hidden = text === '';
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
    this.#owner.begin(now);
    this.#playback.seek(this.#owner.time);
    this.#owner.pose.apply(this.#camera);
    this.#renderer.draw(this.#scene, this.#camera, this.#context);
    if (!this.#sorter || this.#sorter.ready) this.#tellShown();
    if (this.#owner.moving) this.invalidate();
  }

  /** The GPU forgot everything; what three.js does not send again by itself is made anew. */
  restore() {
    this.#sort();
    this.invalidate();
  }

  /** Called by the renderer when its context is lost for good. */
  fail(error) {
    this.#owner.fail(error);
  }

  /** Frees everything; the page's renderer too, a little later, if no view is left. Can be called twice. */
  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#tellShown();
    this.#resize.disconnect();
    this.#intersection.disconnect();
    this.#gestures.dispose();
    this.#playback.dispose();
    this.#looks.dispose();
    this.#sorter?.dispose();
    freeModel(this.#loaded.model);
    this.#renderer.remove(this);
    this.#canvas.remove();
    this.#caption.remove();
  }

  #sort() {
    const { splats } = this.#loaded;
    if (!splats) return;
    this.#sorter?.removeFromParent();
    this.#sorter?.dispose();
    this.#sorter = splats.sorter(this.#renderer.three, () => this.invalidate());
    this.#scene.add(this.#sorter);
  }

  #onVisible(visible) {
    this.#visible = visible;
    if (visible && (this.#stale || this.#owner.moving)) this.invalidate();
    if (visible) return;
    this.#renderer.cancel(this);
    this.#tellShown();
  }

  #onResize(entry) {
    // Where the page scrolls, a finger that goes up or down scrolls it.
    this.#canvas.style.touchAction = scrolls(this.#canvas) ? 'pan-y' : 'none';
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

function scrolls(canvas) {
  if (canvas.closest(':fullscreen, .filled')) return false;
  const stage = canvas.closest('.stage');
  return stage !== null && stage.scrollHeight > stage.clientHeight;
}

/** Width and height in device pixels, of which no more than two are drawn for a CSS pixel. */
function pixelSize(entry) {
  const { inlineSize, blockSize } = entry.contentBoxSize[0];
  const ratio = Math.min(devicePixelRatio, MAX_PIXEL_RATIO);
  return [Math.round(inlineSize * ratio), Math.round(blockSize * ratio)];
}
