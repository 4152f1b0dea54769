// An ending that tells the page around.
import { make } from "../../dom.js";

/** @param {{origin: string, payload: object}} how @param {import("./end.js").Means} means */
export function postMessage({ origin, payload }, { t }) {
  const isFramed = parent !== window;
  // Not every browser tells of what origin the page around is.
  const [around = origin] = location.ancestorOrigins ?? [];
  if (isFramed && around !== origin) {
    const told = t("The page around this study could not be told that you are done, as it is not the one that is meant. Please write to the people who run the study.");
    return make("div", { className: "way" }, make("p", { role: "alert", text: told }));
  }
  // Told again when the rater comes back; the id is the same, so that the page can see that.
  if (isFramed) parent.postMessage({ v: 1, type: "k-sort-end", id: "end", payload }, origin);
  const text = isFramed
    ? t("The page around this study has been told that you are done.")
    : t("This study is made to be shown inside another page, which would go on from here.");
  return make("div", { className: "way" }, make("p", { role: "status", text }));
}
