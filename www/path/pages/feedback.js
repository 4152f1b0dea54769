// How a practice trial went.
import { make } from "../../dom.js";
import { button, page, row } from "../page.js";

/**
 * @param {{right: boolean | null, best: string | null, worst: string | null, text: string | null}} step with letters on screen
 * @param {import("../page.js").Means} means
 */
export async function feedback({ right, best, worst, text }, { t, markdown, done }) {
  const known = [best && t("Option {0} is the best.", best), worst && t("Option {0} is the worst.", worst)].filter(Boolean);
  const title = right === null ? t("About this one") : right ? t("That is right") : t("Not quite");
  const made = page(title, ...known.map((text) => make("p", { text })), await markdown(text), row(button(t("Go on"), () => done(), "primary")));
  made.dataset.right = right;
  return made;
}
