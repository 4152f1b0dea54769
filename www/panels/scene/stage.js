import { icon } from '../icons.js';
import { group, toggle, tool } from '../tools.js';
import { Clock } from './clock.js';
import { freeModel } from './free.js';
import { loadScene } from './load.js';
import { Pose } from './pose.js';
import { sharedRenderer } from './renderer.js';
import { SceneView } from './view.js';

/** What the ways to look at a scene are called, by the names that a study has for them. */
const namesOfViews = (t) => ({
  shaded: t('Shaded'),
  wireframe: t('Wireframe'),
  normals: t('Normals'),
  matcap: t('Clay (matcap)'),
  counts: t('Counts'),
});

const KEY_ANGLE = Math.PI / 12;
const KEY_ZOOM = 1.2;
const KEY_PAN = 0.08;
/** Less is a trembling hand, in radians. */
const MIN_TURN = 0.01;
/** Of a drag along the shorter side of a panel. */
const DRAG_ANGLE = Math.PI;
/** A turn of the turntable takes this long. */
const TURNTABLE_SECONDS = 12;

/** Shows the scenes of a trial, whose cameras move together and whose animations are in step. */
export class SceneStage {
  #views;
  #names;
  #view;
  #panels = new Set();
  #pose = new Pose();
  #clock = new Clock();
  #t;
  #say;
  #stillness = matchMedia('(prefers-reduced-motion: reduce)');
  #playing = !this.#stillness.matches;
  #turning = false;
  #play;
  #turntable;
  #switches = new Map();
  #tools;

  /** @param {import('../panels.js').Frame} frame */
  constructor({ bar, settings, t, say }) {
    this.#t = t;
    this.#say = say;
    this.#names = namesOfViews(t);
    this.#play = tool('pause', t('Pause the animations'), () => this.#setPlaying(!this.#playing));
    this.#turntable = toggle('turn', t('Turntable'), (on) => this.#setTurning(on));
    this.#views = settings.scene.views;
    [this.#view] = this.#views;
    this.#play.hidden = true;
    const zoom = [
      tool('plus', t('Zoom in'), () => this.#enlarge(undefined, KEY_ZOOM)),
      tool('minus', t('Zoom out'), () => this.#enlarge(undefined, 1 / KEY_ZOOM)),
      tool('reset', t('Reset the view'), () => this.#reset()),
    ];
    this.#tools = group(t('Scenes'), this.#play, this.#turntable.button, ...zoom, ...this.#viewSwitches());
    bar.append(this.#tools);
    this.#stillness.addEventListener('change', this.#onStillness);
  }

  /** What `press` understands: keys, and what they do. */
  get keys() {
    const t = this.#t;
    const keys = [
      ['← ↑ → ↓', t('Turn the scenes')],
      [t('Shift + {0}', '← ↑ → ↓'), t('Move the scenes')],
      ['+ −', t('Zoom')],
      ['0', t('Reset the view')],
      ['.', t('Turntable on or off')],
    ];
    if (this.#animated) keys.push([t('Space'), t('Play or pause the animations')]);
    const names = this.#views.map((view) => this.#names[view]);
    if (names.length > 1) keys.push([`1 … ${names.length}`, names.reduce((before, name) => t('{0}, {1}', before, name))]);
    return keys;
  }

  /** Does what a key asks for, to all panels that move together; false if the key is not one of the stage's. */
  press(event) {
    return this.#press(event, undefined);
  }

  /**
   * @param {HTMLElement} host
   * @param {import('../panels.js').Medium} medium
   */
  async show(host, medium) {
    const renderer = sharedRenderer();
    const loaded = await loadScene(await medium.blob.arrayBuffer(), medium.format, renderer);
    if (!host.isConnected) {
      freeModel(loaded.model);
      throw new Error('the panel is gone');
    }
    const stage = this;
    const panel = { medium, own: undefined, view: undefined };
    const owner = {
      get pose() {
        return panel.own ?? stage.#pose;
      },
      begin: (now) => this.#begin(now),
      get time() {
        return stage.#clock.time;
      },
      get moving() {
        return stage.#moving(panel);
      },
      fail: (error) => {
        this.#remove(panel);
        medium.fail(error.message);
      },
    };
    // Another may have taken its place while this one loaded.
    panel.view = new SceneView(host, loaded, sharedRenderer(), owner, {
      t: this.#t,
      label: this.#t('{0}. Arrow keys turn, with Shift they move, plus and minus zoom, 0 resets.', medium.label),
      gestures: this.#gestures(panel),
      press: (event) => this.#press(event, panel),
    });
    this.#panels.add(panel);
    panel.view.look(this.#view);
    this.#told();
    medium.corner.append(this.#lock(panel));
    await panel.view.shown;
    return { remove: () => this.#remove(panel) };
  }

  close() {
    for (const panel of [...this.#panels]) this.#remove(panel);
    this.#stillness.removeEventListener('change', this.#onStillness);
    this.#tools.remove();
  }

  #remove(panel) {
    if (!this.#panels.delete(panel)) return;
    panel.view.dispose();
    this.#told();
  }

  get #animated() {
    return [...this.#panels].some(({ view }) => view.animated);
  }

  #moving({ view }) {
    return this.#turning || (this.#playing && view.animated);
  }

  /** Once a frame: time goes on for all panels. */
  #begin(now) {
    this.#clock.advance(now, this.#playing, (step) => {
      if (!this.#turning) return;
      const angle = (step / TURNTABLE_SECONDS) * 2 * Math.PI;
      for (const pose of this.#poses) pose.turn(-angle, 0);
    });
  }

  get #poses() {
    return [this.#pose, ...[...this.#panels].flatMap(({ own }) => (own ? [own] : []))];
  }

  // ---- all panels at once ----

  #setPlaying(on) {
    if (!this.#animated) return false;
    this.#playing = on;
    this.#say(on ? this.#t('The animations play.') : this.#t('The animations are paused.'));
    this.#told();
    this.#redraw();
    return true;
  }

  #setTurning(on) {
    this.#turning = on;
    this.#turntable.set(on);
    this.#say(on ? this.#t('The turntable turns.') : this.#t('The turntable stands.'));
    // The rater sees every scene from all sides.
    if (on) for (const { medium } of this.#panels) medium.report('turned');
    this.#redraw();
  }

  #setView(view) {
    this.#view = view;
    for (const [name, button] of this.#switches) button.setAttribute('aria-pressed', String(name === view));
    for (const panel of this.#panels) panel.view.look(view);
    this.#say(this.#t('View: {0}', this.#names[view]));
  }

  #reset() {
    for (const { medium, own } of this.#panels) {
      if ((own ?? this.#pose).zoom !== 1) medium.report('zoom', 1);
    }
    for (const pose of this.#poses) pose.reset();
    this.#redraw();
  }

  #redraw() {
    for (const { view } of this.#panels) view.invalidate();
  }

  /** Brings the tools in line with what there is. */
  #told() {
    this.#play.hidden = !this.#animated;
    const label = this.#playing ? this.#t('Pause the animations') : this.#t('Play the animations');
    this.#play.setAttribute('aria-label', label);
    this.#play.title = label;
    this.#play.replaceChildren(icon(this.#playing ? 'pause' : 'play'));
  }

  #viewSwitches() {
    if (this.#views.length < 2) return [];
    for (const view of this.#views) {
      const button = tool(view, this.#names[view], () => this.#setView(view));
      button.setAttribute('aria-pressed', String(view === this.#view));
      this.#switches.set(view, button);
    }
    return this.#switches.values();
  }

  #onStillness = () => {
    this.#playing = !this.#stillness.matches;
    if (this.#stillness.matches && this.#turning) this.#setTurning(false);
    this.#told();
    this.#redraw();
  };

  // ---- a panel, and those that move with it ----

  /** The panels that move with this one: itself alone if it was unlocked. Without one, all that are locked. */
  #together(panel) {
    return panel?.own ? [panel] : [...this.#panels].filter(({ own }) => !own);
  }

  #poseOf(panel) {
    return panel?.own ?? this.#pose;
  }

  #enlarge(panel, factor) {
    const pose = this.#poseOf(panel);
    const before = pose.zoom;
    pose.enlarge(factor);
    for (const { medium, view } of this.#together(panel)) {
      if (pose.zoom !== before) medium.report('zoom', pose.zoom);
      view.invalidate();
    }
  }

  #turn(panel, right, down) {
    // As if the scene were pushed that way.
    this.#poseOf(panel).turn(-right, -down);
    for (const { view } of this.#together(panel)) view.invalidate();
  }

  #pan(panel, right, down) {
    this.#poseOf(panel).pan(right, down);
    for (const { view } of this.#together(panel)) view.invalidate();
  }

  #turned(panel) {
    for (const { medium } of this.#together(panel)) medium.report('turned');
  }

  #gestures(panel) {
    let turned = 0;
    return {
      start: () => (turned = 0),
      turn: (right, down) => {
        turned += Math.hypot(right, down) * DRAG_ANGLE;
        this.#turn(panel, right * DRAG_ANGLE, down * DRAG_ANGLE);
      },
      pan: (right, down) => this.#pan(panel, right, down),
      enlarge: (factor) => this.#enlarge(panel, factor),
      end: () => turned > MIN_TURN && this.#turned(panel),
    };
  }

  #press({ key, shiftKey, repeat }, panel) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (arrow) {
      const [right, down] = arrow;
      if (shiftKey) {
        this.#pan(panel, right * KEY_PAN, down * KEY_PAN);
      } else {
        this.#turn(panel, right * KEY_ANGLE, down * KEY_ANGLE);
        if (!repeat) this.#turned(panel);
      }
      return true;
    }
    switch (key) {
      case '+':
      case '=':
        this.#enlarge(panel, KEY_ZOOM);
        return true;
      case '-':
      case '_':
        this.#enlarge(panel, 1 / KEY_ZOOM);
        return true;
      case '0':
        this.#reset();
        return true;
      case '.':
        this.#setTurning(!this.#turning);
        return true;
      case ' ':
        return this.#setPlaying(!this.#playing);
      default: {
        const view = this.#views.length > 1 && /^[1-9]$/.test(key) ? this.#views[key - 1] : undefined;
        if (view) this.#setView(view);
        return view !== undefined;
      }
    }
  }

  /** A button that takes a panel out of those that move together, and back in. */
  #lock(panel) {
    const { medium, view } = panel;
    const { button } = toggle('lock', this.#t('Move on its own'), (alone) => {
      panel.own = alone ? new Pose().copy(this.#pose) : undefined;
      button.replaceChildren(icon(alone ? 'unlocked' : 'lock'));
      if (!alone) medium.report('zoom', this.#pose.zoom);
      view.invalidate();
    });
    return button;
  }
}
