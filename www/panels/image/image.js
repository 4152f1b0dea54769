import { make } from "../../dom.js";

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open() {
  return {
    keys: [],
    press: () => false,
    close() {},
    async show(host, medium) {
      const picture = make("img", { alt: medium.label, draggable: "false" });
      picture.src = medium.url;
      await picture.decode();
      host.append(picture);
      return { remove: () => picture.remove() };
    },
  };
}
