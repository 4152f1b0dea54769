// A text to be taken elsewhere, with a button that copies it.
import { make } from "../../dom.js";
import { button, row } from "../page.js";

/**
 * @param {string} text
 * @param {{label: string, copy: string, copied: string, refused: string}} words what it is called, what the button says, and what
 *   is told once it is copied, or where the browser does not copy it
 * @param {{field?: string, button?: string}} [kinds] classes
 */
export function copyable(text, { label, copy, copied, refused }, { field: kind = "", button: look } = {}) {
  const field = make("input", { className: `code ${kind}`, readonly: "", value: text, size: text.length, "aria-label": label, dir: "ltr" });
  const told = make("p", { role: "status" });
  const act = async () => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = copied;
    } catch {
      // A frame may not write to the clipboard.
      field.focus();
      field.select();
      told.textContent = refused;
    }
  };
  field.addEventListener("focus", () => field.select());
  return [field, row(button(copy, act, look)), told];
}
