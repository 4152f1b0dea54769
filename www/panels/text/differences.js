import { make } from "../../dom.js";
import { content } from "../content.js";
import { letter } from "../name.js";
import { group, toggle } from "../tools.js";

/** Marks where two texts differ, each in its own panel: what only it has is an insertion, whichever it is. */
export class Differences {
  #frame;
  #panels;
  #settle;
  #on = false;
  /** Counts what was asked for: what comes late is not shown. */
  #asked = 0;
  /** Places on screen of the two, and whether the rater chose them. */
  #two = [];
  #isChosen = false;
  #selects;
  #toggle;
  #trouble = make("span", { className: "muted" });
  #tools;

  /**
   * @param {import("../panels.js").Frame} frame
   * @param {() => import("./text.js").Panel[]} panels in the order in which they stand
   * @param {(panel: import("./text.js").Panel) => void} settle is told of each whose words moved
   */
  constructor(frame, panels, settle) {
    this.#frame = frame;
    this.#panels = panels;
    this.#settle = settle;
    const { t } = frame;
    this.#selects = [t("First text to compare"), t("Second text to compare")].map((label, n) => {
      const select = make("select", { "aria-label": label });
      select.addEventListener("change", () => this.#choose(n, Number(select.value)));
      return select;
    });
    this.#toggle = toggle("difference", t("Mark differences"), (on) => this.#switch(on));
    this.#tools = group(t("Differences"), this.#toggle.button, ...this.#selects, this.#trouble);
  }

  /** Shows the marks, or the texts as they are. */
  flip() {
    if (this.#panels().length < 2) return false;
    this.#toggle.button.click();
    return true;
  }

  /** Panels came or went. */
  update() {
    const panels = this.#panels();
    const places = panels.map((panel) => panel.medium.option);
    if (!this.#isChosen || !this.#two.every((place) => places.includes(place))) {
      this.#isChosen = false;
      // Options first: a reference is compared where it is asked for.
      this.#two = [...places.filter((place) => place >= 0), ...places.filter((place) => place < 0)].slice(0, 2);
    }
    // What is hidden in a toolbar could still be the one that takes the focus.
    if (panels.length < 2) this.#tools.remove();
    else if (!this.#tools.isConnected) this.#frame.bar.append(this.#tools);
    for (const [n, select] of this.#selects.entries()) {
      select.hidden = panels.length < 3;
      select.replaceChildren(...places.map((place) => make("option", { value: place, text: this.#name(place) })));
      select.value = this.#two[n];
    }
    this.#draw();
  }

  #choose(n, place) {
    // The same text twice does not differ: the two change places.
    if (this.#two[1 - n] === place) this.#two[1 - n] = this.#two[n];
    this.#two[n] = place;
    this.#isChosen = true;
    this.update();
  }

  #switch(on) {
    this.#on = on;
    const { t, say } = this.#frame;
    say(on ? t("Differences are marked.") : t("Differences are no longer marked."));
    this.#draw();
  }

  async #draw() {
    const asked = ++this.#asked;
    const [first, second] = this.#two.map((place) => this.#panels().find((panel) => panel.medium.option === place));
    const pieces = this.#on && second ? await this.#compare(first.text, second.text) : undefined;
    if (asked !== this.#asked) return;
    for (const panel of this.#panels()) {
      const other = panel === first ? "second" : panel === second ? "first" : undefined;
      panel.mark(other && pieces?.filter(({ whose }) => whose !== other));
      this.#settle(panel);
    }
  }

  /** The pieces of two texts, none where what finds them cannot be loaded. */
  async #compare(first, second) {
    this.#trouble.textContent = "";
    try {
      return (await content()).difference(first, second);
    } catch {
      this.#on = false;
      this.#toggle.set(false);
      this.#trouble.textContent = this.#frame.t("Differences could not be loaded.");
      this.#frame.say(this.#trouble.textContent);
      return undefined;
    }
  }

  #name(place) {
    return place < 0 ? this.#frame.t("Reference") : letter(place);
  }
}
