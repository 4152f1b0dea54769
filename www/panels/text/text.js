import { make } from "../../dom.js";

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open() {
  return {
    keys: [],
    press: () => false,
    close() {},
    async show(host, medium) {
      const text = make("div", { className: "text", tabindex: "0", role: "document", "aria-label": medium.label, dir: "auto", text: await medium.blob.text() });
      host.append(text);
      return { remove: () => text.remove() };
    },
  };
}
