import { AnimationMixer } from 'three';

/** A long pause, as of a hidden tab, must not make the animation jump. */
const MAX_STEP_SECONDS = 0.1;

/** Plays the first animation of a model in a loop. */
export class Playback {
  #playing = false;
  #mixer;
  #clip;
  #last = 0;

  constructor(model, clip) {
    this.#clip = clip;
    this.#mixer = new AnimationMixer(model);
    if (clip) this.#mixer.clipAction(clip).play();
    this.seek(0);
  }

  get animated() {
    return (this.#clip?.duration ?? 0) > 0;
  }

  get playing() {
    return this.#playing;
  }

  set playing(on) {
    this.#playing = on && this.animated;
  }

  /** Poses the model at a fraction, from 0 to 1, of the animation. */
  seek(fraction) {
    if (this.animated) this.#mixer.setTime(fraction * this.#clip.duration);
  }

  /** Moves on to `now`, in milliseconds, if it plays; to be called for each frame. */
  advance(now) {
    const step = (now - this.#last) / 1000;
    this.#last = now;
    if (this.#playing) this.#mixer.update(Math.min(step, MAX_STEP_SECONDS));
  }

  dispose() {
    this.#playing = false;
    this.#mixer.stopAllAction();
    this.#mixer.uncacheRoot(this.#mixer.getRoot());
  }
}
