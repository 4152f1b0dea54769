// The study's texts as elements.
import { make } from "../dom.js";

/** The heading of a page is of the second level. */
const OUTERMOST = 3;

/** Loads what shows Markdown. */
export async function prepare() {
  const { content } = await import("../content/content.js");
  return content();
}

/** A text in Markdown as an element; where there is none, as nothing. @returns {Promise<Node>} */
export async function markdown(text) {
  if (!text) return new DocumentFragment();
  const { markdown } = await prepare();
  return make("div", { className: "words formatted" }, markdown(text, OUTERMOST).elements);
}
