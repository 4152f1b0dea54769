import { mix3, norm3, cross3 } from '../num.mjs';
import { grid } from './mesh.mjs';

export const prompt = 'A ribbed glass-smooth trefoil knot, colours running from copper to deep blue along its length';
export const material = { metallic: 0.35, roughness: 0.32 };

const COPPER = [0.85, 0.24, 0.06];
const GOLD = [0.95, 0.62, 0.16];
const TEAL = [0.02, 0.4, 0.42];
const BLUE = [0.03, 0.08, 0.45];
const RING = [COPPER, GOLD, TEAL, BLUE];

const curve = (t) => {
  const a = t * Math.PI * 2;
  const r = 1 + 0.42 * Math.cos(3 * a);
  return [r * Math.cos(2 * a), r * Math.sin(2 * a), 0.5 * Math.sin(3 * a)];
};

export function knot() {
  return grid(216, 30, true, true, (u, v) => {
    const p = curve(u);
    const q = curve(u + 1e-4);
    const ahead = norm3([q[0] - p[0], q[1] - p[1], q[2] - p[2]]);
    const side = norm3(cross3(ahead, [p[0] * 0.2, p[1] * 0.2, 1]));
    const up = cross3(side, ahead);
    const a = v * Math.PI * 2;
    const twist = 0.5 + 0.5 * Math.sin(5 * a + u * Math.PI * 36);
    const r = 0.235 + 0.035 * twist;
    const k = u * 4;
    const n = Math.floor(k) % 4;
    const base = mix3(RING[n], RING[(n + 1) % 4], k - Math.floor(k));
    return {
      position: [0, 1, 2].map((i) => p[i] + r * (Math.cos(a) * side[i] + Math.sin(a) * up[i])),
      colour: mix3(base.map((c) => c * 0.35), base, twist),
    };
  });
}
