// Texts to read, one screen after the other.
import { make } from "../../dom.js";
import { button, page, row } from "../page.js";

/** @param {{title: string | null, screens: string[]}} step @param {import("../page.js").Means} means */
export async function text({ title, screens }, { t, markdown, name, done }) {
  const titles = { instructions: t("How it works"), debrief: t("Before you go") };
  const shown = await Promise.all(screens.map(markdown));
  const screen = make("div", { role: "group", tabindex: "-1" });
  const number = make("p", { className: "muted" });
  const back = button(t("Back"), () => turn(at - 1));
  const next = button("", () => (at + 1 < shown.length ? turn(at + 1) : done()), "primary");
  let at = 0;

  function show() {
    const place = t("Page {0} of {1}", at + 1, shown.length);
    screen.setAttribute("aria-label", place);
    screen.replaceChildren(shown[at]);
    number.textContent = place;
    number.hidden = shown.length < 2;
    back.hidden = at === 0;
    next.textContent = at + 1 < shown.length ? t("Next") : t("Go on");
  }

  function turn(to) {
    at = to;
    show();
    made.scrollTop = 0;
    screen.focus({ preventScroll: true });
  }

  show();
  const made = page(title ?? titles[name], number, screen, row(back, next));
  return made;
}
