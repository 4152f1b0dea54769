import { make } from "../../dom.js";

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open() {
  return {
    keys: [],
    press: () => false,
    close() {},
    async show(host, medium) {
      const player = make("audio", { "aria-label": medium.label, controls: "" });
      player.src = medium.url;
      await new Promise((done, fail) => {
        player.onloadeddata = done;
        player.onerror = () => fail(new Error("the file is damaged, or of a format that this browser cannot play"));
      });
      host.append(player);
      return { remove: () => player.remove() };
    },
  };
}
