// What panels ask of sounds and texts. Parts of the widget's WebAssembly answer.
import { difference as compare, loudness as measure, markdown as show } from "../pkg/k-sort.js";
import { loadWidget } from "../widget.js";

/**
 * The integrated loudness of a sound, in LUFS after ITU-R BS.1770-4, -Infinity for silence.
 *
 * @param {Float32Array[]} channels in the order of Web Audio; one channel is as loud as the two that play it
 * @param {number} sampleRate in Hz
 */
export async function loudness(channels, sampleRate) {
  await loadWidget();
  return measure(channels, sampleRate);
}

/**
 * A text in Markdown as elements, which hold no more than text, formatting and links to other pages, and whether they are `whole`: there is
 * an end to how much is shown.
 *
 * @param {string} text
 * @param {3 | 4} outermost level of headings
 * @returns {Promise<{elements: DocumentFragment, whole: boolean}>}
 */
export async function markdown(text, outermost) {
  await loadWidget();
  const [elements, whole] = await show(text, outermost);
  return { elements, whole };
}

/**
 * Two texts as one list of pieces, which both have, or only one of them.
 *
 * @returns {Promise<{whose: "both" | "first" | "second", text: string}[]>}
 */
export async function difference(first, second) {
  await loadWidget();
  const flat = await compare(first, second);
  return Array.from({ length: flat.length / 2 }, (_, n) => ({ whose: ["both", "first", "second"][flat[2 * n]], text: flat[2 * n + 1] }));
}
