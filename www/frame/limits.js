// What a frame does not let the page do, as far as the widget does not say it itself.
import { make } from "../dom.js";
import { wordsOf } from "../words.js";

/** Tells the rater below the element, once the study is there. */
export function tellLimits(element) {
  // A sandbox without `allow-same-origin`. Whether it allows downloads, no browser tells.
  if (self.origin !== "null") return;
  const t = wordsOf(element);
  const tell = () => element.after(make("p", { className: "limits", text: t("This frame may not let you save files. Answers are sent while it is open.") }));
  element.addEventListener("k-sort-ready", tell, { once: true });
}
