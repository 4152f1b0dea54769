// A pause between trials.
import { make } from "../../dom.js";
import { button, page, row } from "../page.js";

/** @param {{text: string | null, done: number, of: number}} step @param {import("../page.js").Means} means */
export async function rest({ text, done: behind, of }, { t, markdown, done }) {
  const told = text ? await markdown(text) : make("p", { text: t("Rest your eyes, and go on when you like. Your answers are kept.") });
  const number = make("p", { className: "muted", text: t("You have done {0} of {1}.", behind, of) });
  return page(t("Time for a short break"), number, told, row(button(t("Go on"), () => done(), "primary")));
}
