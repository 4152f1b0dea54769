import { make } from "../dom.js";
import { icon } from "./icons.js";

/**
 * A button that shows `place` in full screen, and back. Where the browser refuses (phones, frames without permission), it fills the
 * window instead. `changed` is told that something fills the screen, or does no more.
 */
export function fullScreen(place, label, { t, say }, changed = () => {}) {
  const root = place.getRootNode();
  const button = make("button", { type: "button", className: "tool", "aria-label": label, title: label, "aria-pressed": "false" }, icon("full"));
  const abort = new AbortController();
  const isFull = () => root.fullscreenElement === place || place.classList.contains("filled");
  const tell = () => {
    button.setAttribute("aria-pressed", String(isFull()));
    changed();
  };

  const leave = () => {
    place.classList.remove("filled");
    if (root.fullscreenElement === place) document.exitFullscreen().catch(() => {});
    tell();
  };
  const enter = async () => {
    try {
      await place.requestFullscreen();
    } catch {
      place.classList.add("filled");
    }
    say(t("Full screen. Escape leaves it."));
    tell();
  };
  button.addEventListener("click", () => (isFull() ? leave() : enter()));
  root.addEventListener("fullscreenchange", tell, { signal: abort.signal });
  place.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !place.classList.contains("filled")) return;
      event.stopPropagation();
      leave();
    },
    { signal: abort.signal },
  );
  tell();
  return {
    button,
    place,
    isFull,
    leave,
    /** Ends the button; what fills the screen goes on doing so. */
    end: () => abort.abort(),
  };
}
