// What a rater hears whose answer to an attention check was wrong.
import { make } from "../../dom.js";
import { button, page, row } from "../page.js";

/** @param {{text: string | null}} step @param {import("../page.js").Means} means */
export async function warning({ text }, { t, markdown, done }) {
  const plain = () =>
    make("p", {
      text: t("One of the last comparisons was a check with a known answer, and yours was different. That can happen. Please look at each option with care."),
    });
  return page(t("Please look closely"), text ? await markdown(text) : plain(), row(button(t("Go on"), () => done(), "primary")));
}
