import { AnimationMixer } from 'three';

/** Poses a model by its first animation, which is repeated without end. */
export class Playback {
  #mixer;
  #clip;

  constructor(model, clip) {
    this.#clip = clip;
    this.#mixer = new AnimationMixer(model);
    if (clip) this.#mixer.clipAction(clip).play();
    this.seek(0);
  }

  get animated() {
    return (this.#clip?.duration ?? 0) > 0;
  }

  /** Of the animation, in seconds. */
  get duration() {
    return this.#clip?.duration ?? 0;
  }

  /** Poses the model as at a time in seconds. */
  seek(seconds) {
    if (this.animated) this.#mixer.setTime(seconds % this.#clip.duration);
  }

  dispose() {
    this.#mixer.stopAllAction();
    this.#mixer.uncacheRoot(this.#mixer.getRoot());
  }
}
