import { make } from "../dom.js";
import { tool } from "./tools.js";

/** Keys that answer; the widget itself understands them. */
function answering({ t, protocol, letters, ties, skip }) {
  const ways = {
    rank: [["A B C …", t("Give the next rank")], ...(ties ? [[t("Shift + {0}", "A B C …"), t("Tie with the last pick")]] : [])],
    best: [["A B C …", t("This option is best")]],
    pairwise: [["A B", t("This option is better")], ...(ties ? [["T", t("Tie")]] : []), ["X", t("Both bad")]],
    "best-worst": [["A B C …", t("Best, then worst")]],
    rate: [],
  };
  const isAtOnce = protocol === "best" || protocol === "pairwise";
  return [
    ...(letters ? ways[protocol] : []),
    ...(isAtOnce ? [] : [[t("Backspace"), t("Undo the last pick")], [t("Enter"), t("Submit")]]),
    ...(letters && skip ? [["S", t("Skip")]] : []),
  ];
}

const MOVES = /^(Arrow|Home|End|Page)/;

/** Whether what has the focus takes a key for itself, so that no panel gets it. */
function isTaken(key, target) {
  if (target.matches("[role=toolbar] button") && /^(Arrow(Left|Right)|Home|End)$/.test(key)) return true;
  if (target.matches("button, a, summary, [role=button]")) return key === " " || key === "Enter";
  if (target.matches("input[type=range]")) return MOVES.test(key);
  if (target.matches("input[type=radio], input[type=checkbox]")) return MOVES.test(key) || key === " ";
  if (target.matches("input, textarea, select, [contenteditable]")) return true;
  // A scene has its own, and what scrolls is scrolled by these.
  if (target.matches("[role=application]")) return key !== "?";
  const scrolls = target.scrollHeight > target.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(target).overflowY);
  return scrolls && (MOVES.test(key) || key === " ");
}

/** Hands keys to the stages, and lists them all under `?`. */
export class Keys {
  #frame;
  #stages;
  #abort = new AbortController();
  #dialog;
  /** Shows the list. */
  button;

  /**
   * @param {import("./panels.js").Frame} frame
   * @param {() => import("./panels.js").Stage[]} stages
   */
  constructor(frame, stages) {
    this.#frame = frame;
    this.#stages = stages;
    this.#dialog = make("dialog", { className: "keys", "aria-label": frame.t("Keys") });
    this.button = tool("keys", frame.t("Keys"), () => this.#show());
    frame.page.append(this.#dialog);
    // Before the widget hears them: a stage may need a letter for a while.
    frame.page.closest(".widget").addEventListener("keydown", (event) => this.#press(event), { capture: true, signal: this.#abort.signal });
  }

  end() {
    this.#abort.abort();
    this.#dialog.remove();
  }

  #press(event) {
    // The list answers nothing.
    if (this.#dialog.open) return event.stopPropagation();
    // Brackets and the like are typed with AltGr on many keyboards, which some systems tell as Ctrl and Alt.
    const isModified = event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));
    if (isModified || event.isComposing || isTaken(event.key, event.composedPath()[0])) return;
    if (event.key === "?") this.#show();
    else if (!this.#stages().some((stage) => stage.press(event))) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #show() {
    const { t } = this.#frame;
    const lists = [answering(this.#frame), ...this.#stages().map((stage) => stage.keys), [["?", t("This list")]]];
    const row = ([keys, what]) => make("div", {}, make("dt", {}, make("kbd", { dir: "ltr", text: keys })), make("dd", { text: what }));
    const rows = lists.flat().map(row);
    const close = make("button", { type: "button", text: t("Close") });
    close.addEventListener("click", () => this.#dialog.close());
    this.#dialog.replaceChildren(make("h2", { text: t("Keys") }), make("dl", {}, ...rows), close);
    this.#dialog.showModal();
  }
}
