import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

const KEY_ANGLE = Math.PI / 12;
const KEY_ZOOM = 0.85;
const MIN_TURN = 0.01;

/**
 * Turns and zooms a camera around the origin: by mouse, touch, wheel and keys. The wheel zooms only
 * while the canvas has focus or Ctrl is held, so that it does not trap the scrolling of the page.
 */
export class SceneControls {
  #canvas;
  #orbit;
  #abort = new AbortController();
  #turn = null;
  #onTurn;
  #onToggle;

  /**
   * @param {import('three').PerspectiveCamera} camera at the place that `0` goes back to
   * @param {HTMLCanvasElement} canvas
   * @param {object} on
   * @param {() => void} on.change the camera moved
   * @param {() => void} on.turn the rater finished turning the model
   * @param {() => boolean} on.toggle play or pause; false if there is nothing to play
   */
  constructor(camera, canvas, on) {
    this.#canvas = canvas;
    this.#onTurn = on.turn;
    this.#onToggle = on.toggle;

    // Before OrbitControls adds its own listener, which this one can then keep from running.
    this.#listen('wheel', (event) => this.#filterWheel(event));
    const distance = camera.position.length();
    this.#orbit = new OrbitControls(camera, canvas);
    this.#orbit.minDistance = distance * 0.1;
    this.#orbit.maxDistance = distance * 3;
    this.#orbit.maxTargetRadius = 1;
    this.#orbit.dampingFactor = 0.12;
    this.#orbit.saveState();
    this.#orbit.addEventListener('change', on.change);
    this.#orbit.addEventListener('end', () => this.#finishTurn());
    this.#listen('pointerdown', () => this.#startTurn());
    this.#listen('keydown', (event) => this.#onKey(event));
  }

  /** Whether the camera comes to rest slowly. */
  set damping(on) {
    this.#orbit.enableDamping = on;
  }

  /** Moves the camera on, for one frame. */
  update() {
    this.#orbit.update();
  }

  dispose() {
    this.#abort.abort();
    this.#orbit.dispose();
  }

  #listen(type, listener) {
    this.#canvas.addEventListener(type, listener, { signal: this.#abort.signal });
  }

  #filterWheel(event) {
    const wanted = event.ctrlKey || event.metaKey || this.#canvas.matches(':focus');
    if (!wanted) event.stopImmediatePropagation();
  }

  #angles() {
    return [this.#orbit.getAzimuthalAngle(), this.#orbit.getPolarAngle()];
  }

  #startTurn() {
    this.#turn ??= this.#angles();
  }

  #finishTurn() {
    if (this.#turn === null) return;
    const now = this.#angles();
    const turned = this.#turn.some((angle, axis) => Math.abs(angle - now[axis]) > MIN_TURN);
    this.#turn = null;
    if (turned) this.#onTurn();
  }

  #onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!this.#act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key.startsWith('Arrow') && !event.repeat) this.#onTurn();
  }

  /** Does what a key asks for; false if the key is not one of the view's. */
  #act(key) {
    const orbit = this.#orbit;
    switch (key) {
      // As if the model were pushed that way.
      case 'ArrowLeft': orbit.rotateLeft(-KEY_ANGLE); return true;
      case 'ArrowRight': orbit.rotateLeft(KEY_ANGLE); return true;
      case 'ArrowUp': orbit.rotateUp(-KEY_ANGLE); return true;
      case 'ArrowDown': orbit.rotateUp(KEY_ANGLE); return true;
      case '+':
      case '=': orbit.dollyIn(KEY_ZOOM); return true;
      case '-':
      case '_': orbit.dollyOut(KEY_ZOOM); return true;
      case '0': this.#reset(); return true;
      case ' ': return this.#onToggle();
      default: return false;
    }
  }

  #reset() {
    const damping = this.#orbit.enableDamping;
    // Without damping, an update uses up the motion that is left, which a reset would add.
    this.#orbit.enableDamping = false;
    this.#orbit.update();
    this.#orbit.reset();
    this.#orbit.enableDamping = damping;
  }
}
