// Lists of what was noticed, of which only the first are shown at once.
import { make } from "../dom.js";

const SHOWN = 10;

/** Lines under a heading; nothing where there are none. */
export function notes(heading, lines, className = "note") {
  if (lines.length === 0) return "";
  const item = (line) => make("li", { text: line });
  const list = make("ul", {}, ...lines.slice(0, SHOWN).map(item));
  const box = make("section", { className: `box ${className}` }, make("h3", { text: heading }), list);
  if (lines.length > SHOWN) {
    const more = make("button", { type: "button", className: "quiet", text: `Show ${lines.length - SHOWN} more` });
    more.addEventListener("click", () => {
      list.append(...lines.slice(SHOWN).map(item));
      list.tabIndex = -1;
      list.focus();
      more.remove();
    });
    box.append(more);
  }
  return box;
}
