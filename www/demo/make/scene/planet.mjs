import { fbm3 } from '../noise.mjs';
import { mix3, norm3, smooth } from '../num.mjs';
import { grid, join, weld } from './mesh.mjs';

export const prompt = 'A small planet with tall mountain ranges, green coasts, shallow seas and white poles';
export const material = { metallic: 0, roughness: 0.75 };

const CUBE = [
  [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
  [[-1, 0, 0], [0, 0, 1], [0, 1, 0]],
  [[0, 1, 0], [1, 0, 0], [0, 0, -1]],
  [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
  [[0, 0, 1], [1, 0, 0], [0, 1, 0]],
  [[0, 0, -1], [-1, 0, 0], [0, 1, 0]],
];

function surface(d) {
  const [x, y, z] = d.map((c) => c * 1.7 + 20);
  const land = fbm3(x, y, z, 5, 61);
  const crest = 1 - Math.abs(2 * fbm3(x * 1.6, y * 1.6, z * 1.6, 4, 67) - 1);
  const coast = smooth(0.5, 0.58, land);
  const height = coast * (0.03 + 0.3 * crest ** 5 * smooth(0.5, 0.7, land) + 0.1 * (land - 0.5));
  let colour = mix3([0.005, 0.05, 0.22], [0.03, 0.36, 0.46], smooth(0.36, 0.5, land));
  colour = mix3(colour, [0.62, 0.5, 0.26], smooth(0.5, 0.53, land));
  colour = mix3(colour, [0.1, 0.3, 0.06], smooth(0.53, 0.57, land));
  colour = mix3(colour, [0.26, 0.17, 0.1], smooth(0.07, 0.12, height));
  colour = mix3(colour, [0.9, 0.92, 0.96], smooth(0.14, 0.18, height));
  colour = mix3(colour, [0.9, 0.94, 0.98], smooth(0.8, 0.86, Math.abs(d[1]) + 0.25 * (land - 0.5)));
  return { position: d.map((c) => c * (1 + height)), colour };
}

export function planet() {
  const faces = CUBE.map(([n, a, b]) =>
    grid(36, 36, false, false, (u, v) => {
      const s = Math.tan((u - 0.5) * Math.PI * 0.5);
      const t = Math.tan((v - 0.5) * Math.PI * 0.5);
      return surface(norm3(n.map((c, i) => c + s * a[i] + t * b[i])));
    }),
  );
  return weld(join(faces));
}
