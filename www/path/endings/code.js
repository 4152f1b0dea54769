// An ending that shows a code, which the rater takes to where they came from.
import { make } from "../../dom.js";
import { copyable } from "./copy.js";

/** @param {{code: string}} how @param {import("./end.js").Means} means */
export function code({ code }, { t }) {
  const words = {
    label: t("Your code"),
    copy: t("Copy the code"),
    copied: t("The code is copied."),
    refused: t("This browser does not let the page copy it. The code is selected: copy it yourself."),
  };
  const asked = make("p", { text: t("This is your code. Paste it where you started from.") });
  return make("div", { className: "way" }, asked, ...copyable(code, words, { button: "primary" }));
}
