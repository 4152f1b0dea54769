// Why an answer is as it is: reasons to pick from, and a comment.
import { make } from "../dom.js";

/**
 * @param {HTMLElement} place
 * @param {{options?: {value: string, label: string}[], comment: boolean}} asked
 * @param {{reasons: string[], comment: string}} given before
 * @param {(text: string) => string} t says a text in the rater's language
 * @param {(reasons: string[], comment: string) => void} explain is told of every change
 */
export function why(place, { options = [], comment }, given, t, explain) {
  const chosen = new Set(given.reasons);
  let said = given.comment;
  const tell = () => explain(options.map(({ value }) => value).filter((value) => chosen.has(value)), said);

  const chips = options.map(({ value, label }) => {
    const chip = make("button", { type: "button", className: "reason-chip", dir: "auto", text: label, "aria-pressed": chosen.has(value) });
    chip.addEventListener("click", () => {
      if (!chosen.delete(value)) chosen.add(value);
      chip.setAttribute("aria-pressed", chosen.has(value));
      tell();
    });
    return chip;
  });
  const content = chips.length > 0 ? [make("div", { className: "reasons", role: "group", "aria-label": t("Reasons") }, ...chips)] : [];
  if (comment) {
    const field = note(t, said, (text) => {
      said = text;
      tell();
    });
    content.push(field);
  }
  place.replaceChildren(...content);
}

/** A comment behind a word, so that it takes no room from the options. */
function note(t, before, changed) {
  const text = make("textarea", { rows: "3", dir: "auto", maxlength: "2000", "aria-label": t("Comment") });
  text.value = before;
  const word = make("summary", { text: t("Comment") });
  const details = make("details", {}, word, make("div", { className: "popover" }, text));
  const mark = () => (word.dataset.given = text.value.trim() !== "");
  text.addEventListener("input", () => {
    mark();
    changed(text.value.trim());
  });
  // By itself it opens too late for what is typed at once, which would answer the trial.
  word.addEventListener("click", (event) => {
    event.preventDefault();
    details.open = !details.open;
    if (details.open) text.focus();
  });
  details.addEventListener("focusout", ({ relatedTarget }) => details.contains(relatedTarget) || (details.open = false));
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    details.open = false;
    word.focus();
  });
  mark();
  return details;
}
