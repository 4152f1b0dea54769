// The widget's own words in the rater's language. An English text is its own key, so that English loads nothing.
import { fetchOwn } from "./own.js";

/** Where an element keeps its words. A symbol of the page, as bundles have copies of this module. */
const KEY = Symbol.for("k-sort words");
/** Where there are words, beside English. Each is written out, so that the file is found and gets another name where the widget is published. */
const FILES = {
  ar: () => new URL("./words/ar.json", import.meta.url),
  de: () => new URL("./words/de.json", import.meta.url),
  es: () => new URL("./words/es.json", import.meta.url),
  fr: () => new URL("./words/fr.json", import.meta.url),
  ja: () => new URL("./words/ja.json", import.meta.url),
  zh: () => new URL("./words/zh.json", import.meta.url),
};
const RIGHT_TO_LEFT = ["ar"];

/**
 * Words in a language.
 *
 * @typedef {object} Words
 * @property {string} language such as `fr`
 * @property {"ltr" | "rtl"} direction
 * @property {Record<string, string | Record<string, string>>} texts English text to text, or to texts by plural category
 */

/** @type {Words} */
const ENGLISH = { language: "en", direction: "ltr", texts: {} };

/** The first of these language tags that there are words in, English where there is none. */
export function choose(tags) {
  const primary = tags.map((tag) => tag.toLowerCase().split("-")[0]);
  return primary.find((tag) => tag === "en" || Object.hasOwn(FILES, tag)) ?? "en";
}

const loading = new Map();

/** Loads the words in a language, once. @returns {Promise<Words>} */
export function load(language) {
  if (!Object.hasOwn(FILES, language)) return Promise.resolve(ENGLISH);
  if (!loading.has(language)) {
    loading.set(language, fetchTexts(language));
    // What failed to load may load when it is tried again.
    loading.get(language).catch(() => loading.delete(language));
  }
  return loading.get(language);
}

async function fetchTexts(language) {
  const response = await fetchOwn(FILES[language]());
  const direction = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  return { language, direction, texts: await response.json() };
}

/** Has an element speak with these words, in their direction. */
export function speak(element, words) {
  element[KEY] = words;
  for (const place of element.shadowRoot.children) Object.assign(place, { lang: words.language, dir: words.direction });
}

/** What says a text in the language of the element that `node` is shown in, now or later: see {@link say}. */
export function wordsOf(node) {
  return (text, ...parts) => say(node.getRootNode().host?.[KEY] ?? node[KEY] ?? ENGLISH, text, parts);
}

/**
 * An English text in a language, with `{0}`, `{1}` … filled in. A text that is none of the widget's own stays as it is.
 *
 * Of a text that differs by number the first part is that number, and English has two, parted by `|`: `1 answer|{0} answers`.
 * Numbers are written as the language does, in digits that stand beside the letters of options.
 */
function say({ language, texts }, text, parts) {
  const told = Object.hasOwn(texts, text) ? texts[text] : text;
  if (told === text && parts.length === 0) return text;
  const english = (both) => both.split("|")[Number(parts[0]) === 1 ? 0 : 1] ?? both;
  const form = typeof told === "string" ? english(told) : (told[new Intl.PluralRules(language).select(parts[0])] ?? told.other);
  return form.replace(/\{(\d)\}/g, (whole, n) => written(parts[n] ?? whole, language));
}

function written(part, language) {
  return typeof part === "number" ? part.toLocaleString(`${language}-u-nu-latn`) : part;
}
