// What panels and pages ask of sounds, texts and pictures in SVG, worked out by WebAssembly, which is loaded once.
import { make } from "../dom.js";
import { fetchOwn } from "../own.js";
import init, { Loudness, checkVector, markdown, difference } from "./engine.js";

/** Frames of a sound that are measured at once. */
const CHUNK = 16_384;
/** Milliseconds of work after which the page has its turn. */
const STINT = 8;

let loading;

/**
 * Loads it, once; a load that failed may be tried again.
 *
 * - `loudness(channels, sampleRate)`: the integrated loudness of a sound (`Float32Array` for each channel, in the order of Web
 *   Audio, and Hz) in LUFS after ITU-R BS.1770-4, -Infinity for silence. One channel is as loud as the two it is heard from.
 *   Long sounds take a while, in which the page goes on.
 * - `markdown(text, outermost)`: a text in Markdown as elements, with headings from this level on (3 or 4), and whether they are
 *   `whole`: there is an end to how much is shown. They hold no more than text, formatting and links to other pages.
 * - `difference(first, second)`: two texts as one list of pieces, which both have, or only one of them.
 * - `checkVector(svg)`: throws where a picture in SVG is not to be shown, in English words for the rater.
 *
 * @returns {Promise<{
 *   loudness: (channels: Float32Array[], sampleRate: number) => Promise<number>,
 *   markdown: (text: string, outermost: number) => {elements: DocumentFragment, whole: boolean},
 *   checkVector: (svg: string) => void,
 *   difference: (first: string, second: string) => {whose: "both" | "first" | "second", text: string}[],
 * }>}
 */
export function content() {
  loading ??= load();
  loading.catch(() => (loading = undefined));
  return loading;
}

async function load() {
  await init({ module_or_path: fetchOwn(new URL("./engine_bg.wasm", import.meta.url)) });
  return {
    checkVector,
    loudness: (channels, sampleRate) => loudness(new Loudness(channels.length, Math.round(sampleRate)), channels),
    markdown(text, outermost) {
      const builder = new Builder();
      const whole = markdown(text, outermost, builder);
      return { elements: builder.elements, whole };
    },
    difference(first, second) {
      const flat = difference(first, second);
      return Array.from({ length: flat.length / 2 }, (_, n) => ({ whose: ["both", "first", "second"][flat[2 * n]], text: flat[2 * n + 1] }));
    },
  };
}

async function loudness(meter, channels) {
  let since = performance.now();
  for (let start = 0; start < channels[0].length; start += CHUNK) {
    const slices = channels.map((channel) => channel.subarray(start, start + CHUNK));
    const planar = new Float32Array(slices.length * slices[0].length);
    slices.forEach((slice, n) => planar.set(slice, n * slice.length));
    meter.add(planar);
    if (performance.now() - since > STINT) {
      await turn();
      since = performance.now();
    }
  }
  return meter.integrated();
}

/** Lets the page have its turn. */
function turn() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Builds elements as it is told. No markup is parsed: a text stays one. */
class Builder {
  elements = new DocumentFragment();
  #open = [this.elements];

  open(tag, attribute, value) {
    const element = make(tag, attribute === undefined ? {} : { [attribute]: value });
    // Each block of the document runs as its own words do.
    if (this.#open.length === 1) element.dir = "auto";
    if (tag === "a") Object.assign(element, { target: "_blank", rel: "noopener noreferrer nofollow" });
    // What scrolls by itself is to be reached by keyboard.
    if (tag === "pre" || element.className === "wide") element.tabIndex = 0;
    this.#open.at(-1).append(element);
    this.#open.push(element);
  }

  text(text) {
    this.#open.at(-1).append(text);
  }

  close() {
    this.#open.pop();
  }
}
