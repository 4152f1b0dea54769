// Plain text and Markdown, scrolled together.
import { make } from "../../dom.js";
import { content } from "../content.js";
import { decode } from "../decode.js";
import { toggle } from "../tools.js";
import { Differences } from "./differences.js";
import { Scrolling } from "./scrolling.js";

export const styles = new URL("./text.css", import.meta.url);

const MARKDOWN = ["md", "markdown"];
/** Bytes of a text that are shown: some fifty thousand words. A page with many times as much is slow to lay out. */
const LIMIT = 300_000;
/** Pixels that an arrow key scrolls by, and the part of a panel that a page is. */
const LINE = 60;
const PAGE = 0.9;

const DISTANCES = {
  ArrowDown: () => LINE,
  ArrowUp: () => -LINE,
  PageDown: (text) => PAGE * text.clientHeight,
  PageUp: (text) => -PAGE * text.clientHeight,
  " ": (text) => PAGE * text.clientHeight,
  Home: () => -Infinity,
  End: () => Infinity,
};

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open(frame) {
  const { t } = frame;
  /** @type {Panel[]} */
  let panels = [];
  const scrolling = new Scrolling();
  const differences = new Differences(frame, () => panels, (panel) => scrolling.settle(panel));
  // The prompt, where there is one, is a heading of the third level.
  const outermost = frame.page.querySelector("h3") ? 4 : 3;

  return {
    keys: [
      ["↑ ↓", t("Scroll all texts")],
      [t("Page up, Page down, Space"), t("Scroll by a page")],
      [t("Home, End"), t("Scroll to the beginning, to the end")],
      ["1 2 3 …", t("Scroll option A, B, C … on its own")],
      [".", t("Mark where two texts differ")],
    ],
    press(event) {
      if (event.key === ".") return differences.flip();
      const distance = DISTANCES[event.key];
      if (distance && !event.shiftKey) return scrolling.move(distance);
      const panel = /^[1-9]$/.test(event.key) && panels.find(({ medium }) => medium.option === event.key - 1);
      panel?.lock.button.click();
      return Boolean(panel);
    },
    close: () => scrolling.close(),
    async show(host, medium) {
      const { text, whole } = await decode(medium.blob, LIMIT);
      const isMarkdown = MARKDOWN.includes(medium.format);
      const shown = isMarkdown ? await markdown(text, outermost) : { elements: text, whole: true };
      const panel = new Panel(t, medium, text, isMarkdown, shown.elements, whole && shown.whole);
      panel.lock = toggle("lock", t("Scroll on its own"), (own) => {
        panel.linked = !own;
        scrolling.settle(panel);
      });
      medium.corner.append(panel.lock.button);
      host.append(panel.element);
      panels = [...panels, panel].sort((one, other) => one.medium.option - other.medium.option);
      scrolling.add(panel);
      differences.update();
      return {
        remove() {
          panels = panels.filter((other) => other !== panel);
          scrolling.remove(panel);
          differences.update();
          panel.element.remove();
        },
      };
    },
  };
}

async function markdown(text, outermost) {
  let engine;
  try {
    engine = await content();
  } catch {
    throw new Error("what shows Markdown could not be loaded");
  }
  return engine.markdown(text, outermost);
}

/** One text on screen. */
export class Panel {
  /** Whether it is scrolled with the others. */
  linked = true;
  /** The button for that. */
  lock;
  #words = make("div", { className: "words", dir: "auto" });
  #formatted;
  #isMarked = true;
  #nodes;

  constructor(t, medium, text, formatted, words, whole) {
    this.medium = medium;
    this.text = text;
    this.#formatted = formatted;
    this.element = make("div", { className: "text", tabindex: "0", role: "document", "aria-label": medium.label }, this.#words);
    // Stands before the text that a picture in Markdown has in its place.
    this.#words.style.setProperty("--picture", JSON.stringify(t("[picture]")));
    this.#words.append(words);
    this.#nodes = [...this.#words.childNodes];
    this.mark();
    if (text.trim() === "") this.element.append(make("p", { className: "muted", text: t("This text is empty.") }));
    if (!whole) this.element.append(make("p", { className: "muted", text: t("This text is too long to be shown whole. Here it is cut.") }));
  }

  /** Shows it as these pieces, those that are not in both marked; with none, as it is. Of Markdown the pieces show the source. */
  mark(pieces) {
    if (!pieces && !this.#isMarked) return;
    this.#isMarked = Boolean(pieces);
    this.#words.classList.toggle("formatted", this.#formatted && !pieces);
    this.#words.replaceChildren(...(pieces?.map(({ whose, text }) => (whose === "both" ? text : make("ins", { text }))) ?? this.#nodes));
  }
}
