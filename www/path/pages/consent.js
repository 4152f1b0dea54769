// What the rater is told beforehand, and whether they agree to it.
import { button, page, row } from "../page.js";

/** @param {{text: string, agree: string | null, refuse: string | null}} step @param {import("../page.js").Means} means */
export async function consent({ text, agree, refuse }, { t, markdown, done }) {
  const buttons = row(
    button(agree ?? t("I agree"), () => done({}), "primary"),
    button(refuse ?? t("I do not agree"), () => done(undefined, "no_consent")),
  );
  return page(t("Before you start"), await markdown(text), buttons);
}
