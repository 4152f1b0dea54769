import { Spherical, Vector3 } from 'three';

/** Of the shorter side of a panel, in radians. */
export const FIELD_OF_VIEW = (30 * Math.PI) / 180;
const MARGIN = 1.05;
/** From the camera to the centre of the unit sphere that every scene fills, at first. */
export const DISTANCE = MARGIN / Math.sin(FIELD_OF_VIEW / 2);
/** From slightly above, and slightly to the right of the front, which glTF puts at +Z. */
const START = new Spherical(DISTANCE, (75 * Math.PI) / 180, (25 * Math.PI) / 180);

const MAX_ZOOM = 10;
const MIN_ZOOM = 1 / 3;
/** Straight from above, left and right are not told apart. */
const POLE = 0.02;

const direction = new Vector3();
const [right, up, back] = [new Vector3(), new Vector3(), new Vector3()];

/** Where a camera is, looking at a point near the origin; the same for all panels that move together. */
export class Pose {
  #orbit = START.clone();
  #target = new Vector3();

  /** Times as large as at first. */
  get zoom() {
    return DISTANCE / this.#orbit.radius;
  }

  /** Around the vertical axis, and from it, in radians. */
  get angles() {
    return [this.#orbit.theta, this.#orbit.phi];
  }

  copy(pose) {
    this.#orbit.copy(pose.#orbit);
    this.#target.copy(pose.#target);
    return this;
  }

  reset() {
    this.#orbit.copy(START);
    this.#target.set(0, 0, 0);
  }

  /** Turns the camera by angles in radians: to the right of the scene, and below it. */
  turn(rightwards, downwards) {
    this.#orbit.theta += rightwards;
    this.#orbit.phi = Math.min(Math.PI - POLE, Math.max(POLE, this.#orbit.phi + downwards));
  }

  /** Makes the scene so many times larger. */
  enlarge(factor) {
    const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, this.zoom * factor));
    this.#orbit.radius = DISTANCE / zoom;
  }

  /** Moves the scene to the right and down, in parts of the shorter side of the panel. */
  pan(rightwards, downwards) {
    const seen = 2 * this.#orbit.radius * Math.tan(FIELD_OF_VIEW / 2);
    back.setFromSpherical(this.#orbit).normalize();
    right.set(0, 1, 0).cross(back).normalize();
    up.copy(back).cross(right);
    this.#target.addScaledVector(right, -rightwards * seen).addScaledVector(up, downwards * seen);
    // The scene stays within reach.
    this.#target.clampLength(0, 1);
  }

  /** Puts a camera there. */
  apply(camera) {
    camera.position.copy(this.#target).add(direction.setFromSpherical(this.#orbit));
    camera.lookAt(this.#target);
    camera.updateMatrixWorld();
  }
}
