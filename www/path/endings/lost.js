// An ending that cannot be: the address of the page does not say where to hand in.
import { make } from "../../dom.js";

/** @param {{parameter: string}} how what the address lacks @param {import("./end.js").Means} means */
export function lost({ parameter }, { t }) {
  const told = t("This page cannot hand your work in, as its address lacks a valid {0}. Please write to the people who run the study.", parameter);
  return make("div", { className: "way" }, make("p", { role: "alert", text: told }));
}
