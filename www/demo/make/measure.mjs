/** Peak signal-to-noise ratio of eight-bit samples, in dB. */
export function psnr(a, b) {
  const n = Math.min(a.length, b.length);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((255 * 255 * n) / sum);
}

/** Mean difference of the short-time spectra in dB, up to 20 kHz, of 48 kHz stereo 16-bit sound mixed to mono. */
export function spectralDistance(a, b) {
  const n = 1024;
  const length = Math.min(a.length, b.length) / 4;
  let sum = 0;
  let count = 0;
  for (let start = 0; start + n <= length; start += n) {
    const p = spectrum(a, start, n);
    const q = spectrum(b, start, n);
    for (let k = 2; k < (20000 / 48000) * n; k++, count++) sum += Math.abs(p[k] - q[k]);
  }
  return sum / count;
}

function spectrum(bytes, start, n) {
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const at = (start + i) * 4;
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n);
    re[i] = ((bytes.readInt16LE(at) + bytes.readInt16LE(at + 2)) / 65536) * window;
  }
  fourier(re, im);
  // The floor keeps silence, which no one hears, from counting most.
  return re.map((x, k) => 10 * Math.log10(x * x + im[k] * im[k] + 1e-6));
}

function fourier(re, im) {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j], re[i], im[j], im[i]];
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let i = 0; i < n; i += size) {
      for (let k = 0; k < size / 2; k++) {
        const c = Math.cos((-2 * Math.PI * k) / size);
        const s = Math.sin((-2 * Math.PI * k) / size);
        const p = i + k;
        const q = p + size / 2;
        const x = re[q] * c - im[q] * s;
        const y = re[q] * s + im[q] * c;
        re[q] = re[p] - x;
        im[q] = im[p] - y;
        re[p] += x;
        im[p] += y;
      }
    }
  }
}

/** Mean distance of the points of `full` from the surface of `mesh`, in thousandths of the size of `full`. */
export function surfaceDistance(full, mesh) {
  const { positions: p, indices } = mesh;
  let sum = 0;
  let count = 0;
  let size = 0;
  for (let i = 0; i < full.positions.length; i += 9) {
    const [x, y, z] = full.positions.slice(i, i + 3);
    size = Math.max(size, Math.hypot(x, y, z));
    let best = Infinity;
    for (let t = 0; t < indices.length; t += 3) best = Math.min(best, toTriangle(x, y, z, p, indices[t] * 3, indices[t + 1] * 3, indices[t + 2] * 3));
    sum += Math.sqrt(best);
    count++;
  }
  return (1000 * sum) / count / (2 * size);
}

function toTriangle(x, y, z, p, a, b, c) {
  const ux = p[b] - p[a];
  const uy = p[b + 1] - p[a + 1];
  const uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a];
  const vy = p[c + 1] - p[a + 1];
  const vz = p[c + 2] - p[a + 2];
  const wx = x - p[a];
  const wy = y - p[a + 1];
  const wz = z - p[a + 2];
  const uu = ux * ux + uy * uy + uz * uz;
  const uv = ux * vx + uy * vy + uz * vz;
  const vv = vx * vx + vy * vy + vz * vz;
  const wu = wx * ux + wy * uy + wz * uz;
  const wv = wx * vx + wy * vy + wz * vz;
  const d = uu * vv - uv * uv;
  const s = (vv * wu - uv * wv) / d;
  const t = (uu * wv - uv * wu) / d;
  const from = (s, t) => (wx - s * ux - t * vx) ** 2 + (wy - s * uy - t * vy) ** 2 + (wz - s * uz - t * vz) ** 2;
  if (s >= 0 && t >= 0 && s + t <= 1) return from(s, t);
  const cut = (k) => Math.min(1, Math.max(0, k));
  const far = cut((vv - uv + wu - wv) / (uu - 2 * uv + vv));
  return Math.min(from(cut(wu / uu), 0), from(0, cut(wv / vv)), from(far, 1 - far));
}
