/** Columns of a whole timeline; no panel is wider in sharp pixels than is worth more. */
const COLUMNS = 1000;
/** Milliseconds of work after which the page has its turn. */
const STINT = 8;
const SVG = "http://www.w3.org/2000/svg";

/**
 * Lowest and highest sample of each stretch of a sound, over all its channels. The page goes on meanwhile.
 *
 * @param {AudioBuffer} buffer
 * @returns {Promise<{low: Float32Array, high: Float32Array, most: number}>} `most`: the largest magnitude
 */
export async function peaks(buffer) {
  const low = new Float32Array(COLUMNS);
  const high = new Float32Array(COLUMNS);
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, n) => buffer.getChannelData(n));
  let since = performance.now();
  for (let column = 0; column < COLUMNS; column++) {
    const first = Math.floor((column * buffer.length) / COLUMNS);
    const end = Math.max(first + 1, Math.floor(((column + 1) * buffer.length) / COLUMNS));
    for (const samples of channels) {
      for (let i = first; i < end; i++) {
        if (samples[i] < low[column]) low[column] = samples[i];
        if (samples[i] > high[column]) high[column] = samples[i];
      }
    }
    if (performance.now() - since > STINT) {
      await new Promise((resume) => setTimeout(resume));
      since = performance.now();
    }
  }
  return { low, high, most: Math.max(...high, ...low.map((sample) => -sample)) };
}

/** A waveform as a drawing that takes the colour of text and any size. */
export class Waveform {
  element = document.createElementNS(SVG, "svg");

  /** @param {Awaited<ReturnType<typeof peaks>>} peaks */
  constructor({ low, high }) {
    const point = (sample, column) => `${column + 0.5} ${(-sample).toFixed(4)}`;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${[...Array.from(high, point), ...Array.from(low, point).reverse()].join("L")}Z`);
    // What is silent is seen as a hairline.
    path.setAttribute("vector-effect", "non-scaling-stroke");
    this.element.setAttribute("class", "wave");
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.element.append(path);
  }

  /** Has the sample value `most` reach the edge, and the sound take this share of the width. */
  fit(most, share) {
    this.element.setAttribute("viewBox", `0 ${-most} ${COLUMNS / share} ${2 * most}`);
  }
}
