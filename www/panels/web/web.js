// Pages in frames that reach nothing outside themselves.
import { make } from "../../dom.js";
import { decode } from "../decode.js";
import { tool } from "../tools.js";

export const styles = new URL("./web.css", import.meta.url);

/** What shows a page, under a policy of its own: that of the page around it forbids what a page of one file needs. */
const FRAME = new URL("./frame.html", import.meta.url).href;
/** Milliseconds that a frame may take to begin, and a page to be shown. */
const PATIENCE = 15_000;
/** Milliseconds after which a page that is shown has begun. */
const SETTLING = 1000;

const LEFT = "the page tried to lead elsewhere";

/** @param {import("../panels.js").Frame} frame @returns {import("../panels.js").Stage} */
export function open({ t }) {
  return {
    keys: [],
    press: () => false,
    close() {},
    async show(host, medium) {
      const { text } = await decode(medium.blob);
      const page = new Page(host, medium, withBase(text));
      medium.corner.append(tool("reload", t("Reload"), () => page.load().catch(({ message }) => medium.fail(message))));
      await page.load();
      return page;
    },
  };
}

/** The page with a base that only links within it can have: the page would lend it that of its frame. */
function withBase(page) {
  const [doctype] = /^(\s|<\?[^>]*>|<!--((?!-->)[^])*-->)*<!doctype[^>]*>/i.exec(page) ?? [""];
  return `${doctype}<base href="about:srcdoc">${page.slice(doctype.length)}`;
}

class Page {
  #host;
  #medium;
  #text;
  #frame;
  #port;
  #timer;
  /** Ends when a page has begun. */
  #beginning;

  constructor(host, medium, text) {
    this.#host = host;
    this.#medium = medium;
    this.#text = text;
  }

  /** Shows the page from its beginning, whatever became of it. */
  load() {
    this.remove();
    const title = this.#medium.label;
    const { port1, port2 } = new MessageChannel();
    const frame = make("iframe", { className: "framed", title, sandbox: "allow-scripts", allow: "", referrerpolicy: "no-referrer" });
    this.#frame = frame;
    this.#port = port1;
    this.#beginning = new AbortController();
    // A page that begins by taking the focus would take the rater's keys. It has it once this window has been told.
    addEventListener("blur", () => setTimeout(() => this.#giveBackFocus()), { signal: this.#beginning.signal });
    return new Promise((resolve, reject) => {
      const late = (reason) =>
        setTimeout(() => {
          this.remove();
          reject(new Error(reason));
        }, PATIENCE);
      this.#timer = late("pages in frames are not allowed here");
      port1.onmessage = ({ data }) => {
        clearTimeout(this.#timer);
        if (data === "begun") this.#timer = late("the page took too long");
        else if (data === "shown") {
          this.#timer = setTimeout(() => this.#beginning.abort(), SETTLING);
          reject = (error) => this.#medium.fail(error.message);
          resolve();
        } else {
          this.remove();
          reject(new Error(LEFT));
        }
      };
      // Its origin is none, so that no other can be named.
      frame.onload = () => frame.contentWindow.postMessage({ page: this.#text, title }, "*", [port2]);
      frame.src = FRAME;
      this.#host.append(frame);
    });
  }

  #giveBackFocus() {
    if (this.#host.getRootNode().activeElement === this.#frame) this.#host.closest(".widget").focus({ preventScroll: true });
  }

  remove() {
    clearTimeout(this.#timer);
    this.#beginning?.abort();
    this.#frame?.remove();
    this.#port?.close();
  }
}
