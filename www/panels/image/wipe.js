import { make } from "../../dom.js";

/**
 * Two pictures, the one up to a line that is moved, the other beyond it.
 *
 * @param {import("../panels.js").Frame["t"]} t @param {object[]} panels @param {() => void} show @returns {import("./comparison.js").Mode}
 */
export function wipe(t, panels, show) {
  const slider = make("input", { type: "range", min: "0", max: "100", step: "0.5", "aria-label": t("Place of the line between them") });
  const line = make("div", { className: "line" });
  // The first two options; the reference where it is asked for.
  const first = panels.findIndex((panel) => panel.order >= 0);
  const sides = [t("Left picture"), t("Right picture")].map((label, side) => {
    const select = make("select", { "aria-label": label });
    select.append(...panels.map((panel, n) => make("option", { value: n, text: panel.letter })));
    select.value = Math.min(first + side, panels.length - 1);
    select.addEventListener("change", show);
    return select;
  });
  slider.addEventListener("input", show);
  return {
    choices: [sides[0], slider, sides[1]],
    show(boxes, place) {
      const [left, right] = sides.map((select) => Number(select.value));
      const at = Number(slider.value);
      for (const [n, box] of boxes.entries()) {
        box.style.visibility = n === left || n === right ? "visible" : "hidden";
        box.style.clipPath = n === left ? `inset(0 ${100 - at}% 0 0)` : `inset(0 0 0 ${at}%)`;
      }
      line.style.left = `${at}%`;
      place.append(line);
      return { name: t("{0} on the left, {1} on the right", panels[left].name, panels[right].name), seen: (n) => n === left || n === right };
    },
    press: () => false,
  };
}
