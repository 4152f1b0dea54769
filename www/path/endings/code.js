// An ending that shows a code, which the rater takes to where they came from.
import { make } from "../../dom.js";
import { button, row } from "../page.js";

/** @param {{code: string}} how @param {import("./end.js").Means} means */
export function code({ code }, { t }) {
  const field = make("input", { className: "code", readonly: "", value: code, size: code.length, "aria-label": t("Your code"), dir: "ltr" });
  const told = make("p", { role: "status" });
  const copy = button(t("Copy the code"), async () => {
    try {
      await navigator.clipboard.writeText(code);
      told.textContent = t("The code is copied.");
    } catch {
      // A frame may not write to the clipboard.
      field.focus();
      field.select();
      told.textContent = t("This browser does not let the page copy it. The code is selected: copy it yourself.");
    }
  }, "primary");
  field.addEventListener("focus", () => field.select());
  const asked = make("p", { text: t("This is your code. Paste it where you started from.") });
  return make("div", { className: "way" }, asked, field, row(copy), told);
}
