// An ending that hands a form in, as Mechanical Turk wants it.
import { make } from "../../dom.js";
import { button, row } from "../page.js";
import { platform } from "./platform.js";

/** @param {{url: string, fields: Record<string, string>}} how @param {import("./end.js").Means} means */
export function postForm({ url, fields }, { t, left, onPage, byItself }) {
  const hidden = Object.entries(fields).map(([name, value]) => make("input", { type: "hidden", name, value }));
  // The answer comes into this frame, which the platform watches.
  const form = make("form", { method: "post", action: url }, ...hidden);
  // A field may be called `submit`, and would stand in the method's place.
  const submit = () => HTMLFormElement.prototype.submit.call(form);
  const hand = button(t("Finish at {0}", platform(new URL(url).hostname)), submit, "primary");
  if (byItself) onPage.then(() => left.aborted || submit());
  return make("div", { className: "way" }, form, row(hand));
}
