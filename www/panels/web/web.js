import { make } from "../../dom.js";

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open() {
  return {
    keys: [],
    press: () => false,
    close() {},
    async show(host, medium) {
      const frame = make("iframe", { src: medium.url, title: medium.label, sandbox: "allow-scripts", referrerpolicy: "no-referrer" });
      host.append(frame);
      await new Promise((done) => frame.addEventListener("load", done, { once: true }));
      return { remove: () => frame.remove() };
    },
  };
}
