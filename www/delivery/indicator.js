// How delivery stands, on the page: in short with the reasons on request, or at the end of a session.
import { make } from "../dom.js";
import { wordsOf } from "../words.js";
import { atEnd, kept, reasons, short } from "./words.js";

/**
 * @typedef {object} Means what the rater can do
 * @property {() => void} tryNow
 * @property {() => void} download
 */

/** A line for the bar. */
export function bar(place, means) {
  const t = wordsOf(place);
  const summary = make("span", { className: "summary" });
  const line = make("summary", { className: "summary" });
  const note = make("p");
  const list = make("ul");
  const row = make("div", { className: "row" }, button(t("Try now"), means.tryNow), button(t("Download answers"), means.download));
  const details = make("details", {}, line, make("div", { className: "popover" }, note, list, row));
  return {
    place,
    show(status) {
      const state = stateOf(status);
      const plain = state === "done" || state === "sending";
      place.dataset.state = state;
      (plain ? summary : line).textContent = short(t, status);
      note.textContent = kept(t, status.lasting);
      fill(list, reasons(t, status));
      const content = plain ? summary : details;
      if (place.firstChild !== content) place.replaceChildren(content);
    },
  };
}

/** What the rater has to know at the end. */
export function ending(place, means) {
  const t = wordsOf(place);
  const told = make("p", { role: "status" });
  const list = make("ul");
  const next = make("p", { className: "muted" });
  const again = make("div", { className: "row" }, button(t("Try now"), means.tryNow));
  place.append(told, list, next, again);
  return {
    place,
    show(status) {
      const text = atEnd(t, status);
      // Said once, not with every try.
      if (told.textContent !== text) told.textContent = text;
      const why = reasons(t, status);
      place.dataset.state = stateOf(status);
      fill(list, why);
      next.textContent = status.waiting && status.trouble?.next ? t("{0}.", short(t, status)) : "";
      list.hidden = next.hidden = again.hidden = why.length === 0;
    },
  };
}

function stateOf({ aside, trouble, waiting, unknown }) {
  if (aside.length) return "refused";
  if (unknown || (waiting && trouble)) return "trouble";
  return waiting ? "sending" : "done";
}

function fill(list, texts) {
  const same = texts.length === list.children.length && texts.every((text, n) => list.children[n].textContent === text);
  if (!same) list.replaceChildren(...texts.map((text) => make("li", { text })));
}

function button(text, act) {
  const made = make("button", { type: "button", text });
  made.addEventListener("click", act);
  return made;
}
