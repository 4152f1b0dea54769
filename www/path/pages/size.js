// How large the window is, as it is turned and resized.
import { make } from "../../dom.js";

/** @param {{width?: number, height?: number}} needed in CSS pixels @returns {import("./check.js").Need} */
export function size({ width = 0, height = 0 }, t, left, changed) {
  const told = make("p", { role: "status" });
  const number = make("p", { className: "muted" });
  const element = make("section", { className: "need" }, make("h3", { text: t("Size of the window") }), told, number);
  const isMet = () => innerWidth >= width && innerHeight >= height;

  function measure() {
    const text = isMet() ? t("The window is large enough.") : t("The window is too small. Make it larger, turn your device, or zoom out.");
    // Said when it changes, not with every pixel.
    if (told.textContent !== text) told.textContent = text;
    number.textContent = t("It is {0} × {1}, and at least {2} × {3} is needed.", innerWidth, innerHeight, width, height);
    element.dataset.met = isMet();
  }

  addEventListener("resize", () => (measure(), changed()), { signal: left });
  measure();
  return { element, isMet };
}
