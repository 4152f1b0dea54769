// What stands around the trials: pages, the reasons of a choice, endings. Imported where the study has any of them.
import { addStyles } from "../dom.js";
import { fetchOwn } from "../own.js";
import { wordsOf } from "../words.js";
import { end } from "./endings/end.js";
import init, { Path } from "./engine.js";
import { markdown, prepare } from "./markdown.js";
import { broken } from "./page.js";
import { draftOf, NO_DRAFT } from "./pages/drafts.js";
import { PAGES } from "./pages/pages.js";
import { why } from "./why.js";

const STYLES = [new URL("../content/markdown.css", import.meta.url), new URL("./path.css", import.meta.url)];

let loading;

/**
 * The pages of one element.
 *
 * @param {HTMLElement} host
 * @param {() => object} widget gives the mounted widget
 */
export async function open(host, widget) {
  loading ??= init({ module_or_path: fetchOwn(new URL("./engine_bg.wasm", import.meta.url)) });
  // A load that failed may succeed when it is tried again.
  loading.catch(() => (loading = undefined));
  // What an ending looks like has to be here when the server is not.
  await Promise.all([loading, dress(host.shadowRoot)]);
  return new Pages(host, widget);
}

class Pages {
  #host;
  #widget;
  #t;
  /** What knows the way, in WebAssembly. */
  #path;
  #study;
  /** Rater and session. */
  #who;
  /** Whether the session went on in this view of the page, so that pages take the focus. */
  #wentOn = false;
  /** Whether what is on screen came of what the rater did in this tab, rather than of a visit or of another tab. */
  #acted = false;
  #isPreview;
  /** Goes off when what is on screen is left. */
  #left = new AbortController();
  #closed = new AbortController();

  constructor(host, widget) {
    this.#host = host;
    this.#widget = widget;
    this.#t = wordsOf(host);
    const { signal } = this.#closed;
    const listen = (event, heard) => host.addEventListener(event, heard, { signal });
    listen("k-sort-ready", ({ detail }) => {
      this.#who = [detail.rater, detail.session];
      this.#acted = false;
    });
    listen("k-sort-trial", () => this.#beginTrial());
    listen("k-sort-vote", () => (this.#acted = true));
  }

  /** Reads what the study has beside trials, and gives it as JSON. Rater and session are those that the page names, if it does. */
  async read(text, rater, session) {
    this.#path?.free();
    this.#path = undefined;
    const asked = this.#host.getAttribute("lang")?.trim() || undefined;
    const parameters = [...new URLSearchParams(location.search)];
    this.#path = new Path(text, asked, JSON.stringify(navigator.languages), JSON.stringify(parameters), rater, session);
    this.#study = JSON.parse(text).id;
    const plan = this.#path.plan();
    this.#isPreview = JSON.parse(plan).preview;
    return plan;
  }

  /** Shows a page. `votes` are the session's records so far, as a JSON array. */
  async show(place, id, votes) {
    const step = JSON.parse(this.#path.page(id, votes));
    if (step.kind === "pass") return this.#widget().leavePage(id);
    if (step.kind === "end") return this.#widget().leavePage(id, undefined, step.ending);
    this.#acted = false;
    await this.#fill(place, (means) =>
      PAGES[step.kind](step, {
        ...means,
        name: id,
        draft: this.#isPreview ? NO_DRAFT : draftOf([this.#widget().studyOrigin(), this.#study, ...this.#who, id]),
        check: (answers) => JSON.parse(this.#path.answer(id, JSON.stringify(answers))),
        done: (answers, ending) => {
          this.#acted = true;
          this.#widget().leavePage(id, answers && JSON.stringify(answers), ending);
        },
      }),
    );
    // On a page of others, the first heading does not take the focus from what has it.
    if (this.#wentOn || this.#host.matches(":focus-within")) place.querySelector("h2")?.focus();
    this.#wentOn = true;
  }

  /** Asks why the rater answers so. `reasons`, a JSON list, and `comment` are what was said before a reload. */
  async why(place, reasons, comment) {
    const asked = this.#path.why();
    if (!asked) return;
    await dress(place);
    const given = { reasons: JSON.parse(reasons), comment };
    why(place, JSON.parse(asked), given, this.#t, (reasons, comment) => this.#widget().explain(JSON.stringify(reasons), comment));
  }

  /** Ends the session in the study's way. */
  async end(place, ending, votes) {
    const count = JSON.parse(votes).length;
    const how = JSON.parse(this.#path.ending(ending, ...this.#who, count));
    if (how.type === "none" && !how.preview) return;
    const base = new URL(this.#host.getAttribute("src"), document.baseURI).href;
    const file = `${this.#study}-votes.jsonl`;
    const byItself = this.#acted;
    // Once: not when the rater comes back from the leaderboard.
    this.#acted = false;
    await this.#fill(place, (means) => end(how, { ...means, host: this.#host, base, given: count > 0, file, byItself }));
  }

  close() {
    this.#left.abort();
    this.#closed.abort();
    this.#path?.free();
  }

  #beginTrial() {
    this.#wentOn = true;
    this.#acted = false;
    // The pages that follow are to be shown even if the server is down by then.
    prepare().catch((error) => console.warn(`k-sort: what shows Markdown could not be loaded ahead: ${error.message}`));
  }

  /** Fills a place with what `build` makes, or says why there is nothing. */
  async #fill(place, build) {
    this.#left.abort();
    const left = (this.#left = new AbortController());
    const { signal } = left;
    const t = this.#t;
    let put;
    const onPage = new Promise((resolve) => (put = resolve));
    let shown;
    try {
      await dress(place);
      shown = await build({ t, markdown, left: signal, onPage });
    } catch (error) {
      shown = broken(error, t, () => this.#fill(place, build));
    }
    if (signal.aborted) return;
    place.replaceChildren(shown);
    whenGone(place, left);
    put();
  }
}

/** Has what is on a place left once the place is taken away. */
function whenGone(place, left) {
  const watch = new MutationObserver(() => place.isConnected || left.abort());
  watch.observe(place.getRootNode(), { childList: true, subtree: true });
  left.signal.addEventListener("abort", () => watch.disconnect());
}

function dress(place) {
  return Promise.all(STYLES.map((url) => addStyles(place, url)));
}
