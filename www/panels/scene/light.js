import { DirectionalLight, PMREMGenerator } from 'three';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';

/** Of a side of the room's picture, in pixels: sharp enough for what shines, and made in half the time of three.js's 256. */
const ENVIRONMENT_SIZE = 128;
const ENVIRONMENT_INTENSITY = 0.55;
const KEY_INTENSITY = 1.3;

/**
 * Makes the light from all around: a neutral room, seen in what shines.
 *
 * @param {import('three').WebGLRenderer} renderer
 * @returns {import('three').WebGLRenderTarget} whose texture is for `Scene.environment`
 */
export function makeEnvironment(renderer) {
  const generator = new PMREMGenerator(renderer);
  const room = new RoomEnvironment();
  const environment = generator.fromScene(room, 0, 0.1, 100, { size: ENVIRONMENT_SIZE });
  room.dispose();
  generator.dispose();
  return environment;
}

/**
 * Lights a scene like every other: the room, and from above left a lamp that brings out the shape,
 * without which a white model is lost on a white page.
 *
 * @param {import('three').Scene} scene
 */
export function light(scene) {
  const key = new DirectionalLight(0xffffff, KEY_INTENSITY);
  key.position.set(-0.4, 1, 0.9);
  scene.add(key);
  scene.environmentIntensity = ENVIRONMENT_INTENSITY;
}
