import { make } from "../../dom.js";

/**
 * One picture at a time; holding a letter, or its button, shows that option.
 *
 * @param {import("../panels.js").Frame["t"]} t @param {object[]} panels @param {() => void} show @returns {import("./comparison.js").Mode}
 */
export function flicker(t, panels, show) {
  // The first option; the reference where it is asked for.
  let stays = Math.max(0, panels.findIndex((panel) => panel.order >= 0));
  let held;
  const hold = (n) => {
    held = n;
    show();
  };
  const choices = panels.map((panel, n) => {
    const button = make("button", { type: "button", text: panel.letter, "aria-label": t("Show {0}", panel.name) });
    button.addEventListener("click", () => {
      stays = n;
      show();
    });
    button.addEventListener("pointerdown", () => hold(n));
    for (const type of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(type, () => hold(undefined));
    return button;
  });
  return {
    choices,
    show(boxes) {
      const shown = held ?? stays;
      for (const [n, box] of boxes.entries()) box.style.visibility = n === shown ? "visible" : "hidden";
      for (const [n, button] of choices.entries()) button.setAttribute("aria-pressed", String(n === shown));
      return { name: t("In one place: {0}", panels[shown].name), seen: (n) => n === shown };
    },
    press({ key, repeat }) {
      const is = (other) => other.toLowerCase() === key.toLowerCase();
      const n = panels.findIndex((panel) => is(panel.letter));
      if (n < 0) return false;
      if (repeat) return true;
      hold(n);
      const abort = new AbortController();
      const { signal } = abort;
      const release = ({ type, key: up }) => {
        if (type === "keyup" && !is(up)) return;
        abort.abort();
        if (held === n) hold(undefined);
      };
      addEventListener("keyup", release, { capture: true, signal });
      addEventListener("blur", release, { signal });
      return true;
    },
  };
}
