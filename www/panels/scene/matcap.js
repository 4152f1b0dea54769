import { DataTexture, LinearFilter, SRGBColorSpace } from 'three';

const SIDE = 128;
/** Towards the light, from above left, as `light.js` has it. */
const LIGHT = [-0.4, 0.7, 0.59];
const [DARK, BRIGHT] = [
  [58, 52, 56],
  [226, 218, 210],
];

/** A picture of a ball of clay: what a surface looks like, by the way it faces. */
export function makeMatcap() {
  const data = new Uint8Array(SIDE * SIDE * 4);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      data.set([...shade(column, row), 255], (row * SIDE + column) * 4);
    }
  }
  const texture = new DataTexture(data, SIDE, SIDE);
  texture.colorSpace = SRGBColorSpace;
  texture.minFilter = texture.magFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

function shade(column, row) {
  let [x, y] = [(2 * (column + 0.5)) / SIDE - 1, (2 * (row + 0.5)) / SIDE - 1];
  const length = Math.hypot(x, y);
  // Outside the ball its rim goes on, for surfaces that are seen all but edge on.
  if (length > 0.999) [x, y] = [(x / length) * 0.999, (y / length) * 0.999];
  const z = Math.sqrt(1 - x * x - y * y);
  const facing = x * LIGHT[0] + y * LIGHT[1] + z * LIGHT[2];
  // Half Lambert: the side away from the light keeps its shape.
  const diffuse = (0.5 + 0.5 * facing) ** 1.5;
  const shine = Math.max(0, 2 * facing * z - LIGHT[2]) ** 24;
  return DARK.map((dark, i) => Math.min(255, dark + (BRIGHT[i] - dark) * diffuse + 60 * shine));
}
