import { make } from "../dom.js";
import { icon } from "./icons.js";

/** A button with an icon, for a bar or a panel's corner. */
export function tool(name, label, act) {
  const button = make("button", { type: "button", className: "tool", "aria-label": label, title: label }, icon(name));
  button.addEventListener("click", act);
  return button;
}

/** A {@link tool} that is on or off; `act` is told which. */
export function toggle(name, label, act) {
  const button = tool(name, label, () => set(button.getAttribute("aria-pressed") !== "true", true));
  const set = (on, told) => {
    button.setAttribute("aria-pressed", String(on));
    if (told) act(on);
  };
  set(false, false);
  return { button, set: (on) => set(on, false) };
}

/** Tools that belong together. */
export function group(label, ...tools) {
  return make("div", { className: "tools", role: "group", "aria-label": label }, ...tools);
}
