// How large the window is, as it is turned and resized.
import { make } from "../../dom.js";

/** @param {{width: number | null, height: number | null}} needed in CSS pixels @returns {import("./check.js").Need} */
export function size({ width, height }, t, left, changed) {
  const told = make("p", { role: "status" });
  const measures = make("p", { className: "muted" });
  const element = make("section", { className: "need" }, make("h3", { text: t("Size of the window") }), told, measures);
  const isMet = () => innerWidth >= (width ?? 0) && innerHeight >= (height ?? 0);

  function measure() {
    const text = isMet() ? t("The window is large enough.") : t("The window is too small. Make it larger, turn your device, or zoom out.");
    // Said when it changes, not with every pixel.
    if (told.textContent !== text) told.textContent = text;
    const wide = width && t("Width: {0}, at least {1}.", innerWidth, width);
    const high = height && t("Height: {0}, at least {1}.", innerHeight, height);
    measures.textContent = [wide, high].filter(Boolean).join(" ");
    element.dataset.met = isMet();
  }

  addEventListener("resize", () => (measure(), changed()), { signal: left });
  measure();
  return { element, isMet };
}
