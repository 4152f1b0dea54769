// An ending that leads to another page, such as a platform's page of completed studies.
import { make } from "../../dom.js";
import { row } from "../page.js";
import { platform } from "./platform.js";

/** Seconds in which the rater can see where they are led. */
const WAIT = 3;

/** @param {{url: string}} how @param {import("./end.js").Means} means */
export function redirect({ url }, { t, left, byItself }) {
  const link = make("a", { className: "primary", href: url, target: "_top" });
  link.textContent = t("Back to {0}", platform(link.hostname));
  const where = make("p", { className: "muted", text: link.host });
  if (!byItself || !reachesTop()) return make("div", { className: "way" }, row(link), where);

  let seconds = WAIT;
  const counted = make("p", { className: "number" });
  const count = () => (counted.textContent = t("This page goes there by itself in {0} s.", seconds));
  const clock = setInterval(() => {
    seconds -= 1;
    count();
    if (seconds > 0) return;
    clearInterval(clock);
    window.top.location.assign(link.href);
  }, 1000);
  for (const [target, event] of [[left, "abort"], [link, "click"]]) target.addEventListener(event, () => clearInterval(clock));
  count();
  return make("div", { className: "way" }, row(link), where, counted);
}

/** Whether the whole tab may be led elsewhere without a click. In a page of another site only a link can do that. */
function reachesTop() {
  try {
    return Boolean(window.top.location.href);
  } catch {
    return false;
  }
}
