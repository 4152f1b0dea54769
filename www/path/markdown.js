// The study's texts as elements.
import { make } from "../dom.js";

/** The heading of a page is of the second level. */
const OUTERMOST = 3;

/** A text in Markdown as an element; where there is none, as nothing. @returns {Promise<Node>} */
export async function markdown(text) {
  if (!text) return new DocumentFragment();
  const { content } = await import("../content/content.js");
  const { markdown } = await content();
  return make("div", { className: "words formatted" }, markdown(text, OUTERMOST).elements);
}
