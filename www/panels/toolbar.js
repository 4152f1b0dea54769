/**
 * Makes an element a toolbar: one stop of the Tab key for all its buttons, and arrow keys between them (WAI-ARIA Authoring Practices,
 * pattern "Toolbar"). What needs arrow keys itself, such as a slider, stays a stop of its own.
 *
 * @param {HTMLElement} element
 * @param {string} label
 * @returns {() => void} ends it
 */
export function toolbar(element, label) {
  const abort = new AbortController();
  const { signal } = abort;
  element.setAttribute("role", "toolbar");
  element.setAttribute("aria-label", label);
  const buttons = () => [...element.querySelectorAll("button")].filter((button) => !button.disabled);
  const choose = (chosen) => {
    for (const button of buttons()) button.tabIndex = button === chosen ? 0 : -1;
  };
  const refresh = () => {
    const all = buttons();
    choose(all.find((button) => button === element.getRootNode().activeElement) ?? all[0]);
  };
  const changes = new MutationObserver(refresh);
  changes.observe(element, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  refresh();
  element.addEventListener("focusin", ({ target }) => target.matches("button") && choose(target), { signal });
  const press = (event) => {
    if (!event.target.matches("button") || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = buttons();
    const at = all.indexOf(event.target);
    const forward = getComputedStyle(element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const to = { [forward]: (at + 1) % all.length, [back]: (at + all.length - 1) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[to].focus();
  };
  element.addEventListener("keydown", press, { signal });
  return () => {
    changes.disconnect();
    abort.abort();
  };
}
