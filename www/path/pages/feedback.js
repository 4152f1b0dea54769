// What was right in a practice trial.
import { make } from "../../dom.js";
import { button, page, row } from "../page.js";

/** @param {{right: boolean, best?: string, worst?: string, text?: string}} step @param {import("../page.js").Means} means */
export async function feedback({ right, best, worst, text }, { t, markdown, done }) {
  const known = [best && t("Option {0} is the best.", best), worst && t("Option {0} is the worst.", worst)].filter(Boolean);
  const made = page(
    right ? t("That is right") : t("Not quite"),
    ...known.map((text) => make("p", { text })),
    await markdown(text),
    row(button(t("Go on"), () => done(), "primary")),
  );
  made.dataset.right = right;
  return made;
}
