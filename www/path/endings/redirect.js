// An ending that leads to another page, such as a platform's page of completed studies.
import { make } from "../../dom.js";
import { row } from "../page.js";
import { copyable } from "./copy.js";
import { platform } from "./platform.js";

/** Seconds in which the rater can see where they are led. */
const WAIT = 3;

/** @param {{url: string}} how @param {import("./end.js").Means} means */
export function redirect({ url }, { t, left, byItself }) {
  const link = make("a", { className: "primary", href: url, target: "_top" });
  link.textContent = t("Back to {0}", platform(link.hostname));
  const where = make("p", { className: "muted", text: link.host });
  if (isBoxed()) return make("div", { className: "way" }, row(link), where, ...byHand(link.href, t));
  if (!byItself || !reachesTop()) return make("div", { className: "way" }, row(link), where);

  let seconds = WAIT;
  const counted = make("p", { className: "number" });
  const count = () => (counted.textContent = t("This page goes there by itself in {0} s.", seconds));
  const clock = setInterval(() => {
    seconds -= 1;
    count();
    if (seconds > 0) return;
    clearInterval(clock);
    try {
      window.top.location.assign(link.href);
    } catch {
      // A sandbox may let the page see the tab, and not lead it.
      counted.replaceWith(...byHand(link.href, t));
    }
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

/** Whether a sandbox without `allow-same-origin` is around. Whether links may leave it, no browser tells. */
function isBoxed() {
  return self.origin === "null" && parent !== window;
}

/** The address, for those whom the link leads nowhere. */
function byHand(address, t) {
  const words = {
    label: t("The address"),
    copy: t("Copy the address"),
    copied: t("The address is copied."),
    refused: t("This browser does not let the page copy it. The address is selected: copy it yourself."),
  };
  const told = make("p", { text: t("This frame may not let the button lead you there. If nothing happens, copy the address and open it yourself.") });
  return [told, ...copyable(address, words, { field: "address" })];
}
