import { make } from "../../dom.js";
import { icon } from "../icons.js";
import { nameOf } from "../name.js";
import { tool } from "../tools.js";

/** What is seen of one video: the picture, what lies over it, and the button for its sound. */
export class Panel {
  member;
  #host;
  #sound;
  #cover;
  #locked = make("p", { className: "locked" });
  #ended;
  #t;
  #shown = "";
  #abort = new AbortController();

  /**
   * @param {import("../panels.js").Frame["t"]} t
   * @param {HTMLElement} host
   * @param {import("./member.js").Member} member
   * @param {object} acts
   * @param {() => void} acts.hear the button for its sound was pressed
   * @param {() => void} acts.press the picture was pressed
   * @param {() => void} acts.failed it can be played no longer
   */
  constructor(t, host, member, { hear, press, failed }) {
    this.member = member;
    this.#t = t;
    this.#ended = make("p", { className: "ended", text: t("Ended") });
    this.#host = host;
    const { video, medium } = member;
    const { signal } = this.#abort;
    this.#sound = tool("muted", t("Sound of {0}", nameOf(t, medium)), hear);
    medium.corner.prepend(this.#sound);
    this.#cover = make("button", { type: "button", className: "cover", "aria-label": t("Play {0}", nameOf(t, medium)) }, icon("play"));
    this.#cover.addEventListener("click", press);
    video.addEventListener("click", press, { signal });
    video.addEventListener("error", failed, { signal });
    host.classList.add("film");
    host.append(video, this.#cover, this.#locked, this.#ended);
  }

  /** Is aborted when the panel is removed. */
  get signal() {
    return this.#abort.signal;
  }

  /**
   * Shows how it stands.
   *
   * @param {object} state
   * @param {boolean} state.heard
   * @param {boolean} state.covered whether a button to play lies over it
   * @param {boolean} state.held whether it holds its last frame while a longer one plays
   * @param {string | undefined} state.first what has to be played before this one
   */
  update({ heard, covered, held, first }) {
    const shown = [heard, covered, held, first].join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#sound.setAttribute("aria-pressed", String(heard));
    this.#sound.replaceChildren(icon(heard ? "sound" : "muted"));
    this.#cover.hidden = !covered;
    this.#ended.hidden = !held;
    this.#locked.hidden = !first;
    this.#locked.textContent = first ? this.#t("Play all of {0} first", first) : "";
    this.member.video.classList.toggle("closed", Boolean(first));
    this.member.medium.hide(Boolean(first));
  }

  remove() {
    this.#abort.abort();
    this.member.free();
    this.#sound.remove();
    this.#host.classList.remove("film");
    this.#host.replaceChildren();
  }
}
