// What all pages are made of.
import { make } from "../dom.js";

/**
 * What a page is given.
 *
 * @typedef {object} Means
 * @property {(text: string, ...parts: unknown[]) => string} t says a text in the rater's language
 * @property {(text?: string) => Promise<Node>} markdown shows a text of the study
 * @property {AbortSignal} left goes off when the page is left
 * @property {string} name of the page in the path
 * @property {import("./pages/drafts.js").Draft} draft what was answered before a reload
 * @property {(answers: object) => {problems: {question: string, message: string, part: string}[], answers: object, end: string | null}} check
 * @property {(answers?: object, ending?: string) => void} done leaves the page for the next one, or ends the session
 */

/** A page: a heading, which takes the focus, and what is below. */
export function page(heading, ...content) {
  const title = make("h2", { tabindex: "-1", dir: "auto", text: heading });
  return make("div", { className: "page step", part: "page" }, title, ...content);
}

/** @param {string} [kind] `primary` or `quiet` */
export function button(text, act, kind = "") {
  const made = make("button", { type: "button", className: kind, dir: "auto", text });
  made.addEventListener("click", act);
  return made;
}

export function row(...buttons) {
  return make("div", { className: "row" }, ...buttons);
}

/** What is there instead of a page that could not be made. */
export function broken(error, t, again) {
  const said = make("p", { role: "alert", text: t("This page could not be shown.") });
  return page(t("Something is missing"), said, make("p", { className: "reason", text: error.message }), row(button(t("Try again"), again, "primary")));
}
