// <k-sort>: a thin shell around the wasm widget, which is loaded once for any number of elements.
//
//   <script type="module" src="k-sort.js"></script>
//   <k-sort src="study.json" rater="r1"></k-sort>
import init, { mount, tell_panics } from "./pkg/k-sort.js";
import { expectOwn, fetchMedium, fetchStudy } from "./fetch.js";
import { fetchOwn } from "./own.js";
// Not loaded on demand: a page that broke may be offline too.
import { rescue } from "./rescue.js";
import { saveFile } from "./save.js";
import * as storage from "./storage.js";
import { VIEWS } from "./views.js";
import { choose, load, speak, wordsOf } from "./words.js";

const WASM = new URL("./pkg/k-sort_bg.wasm", import.meta.url);
const RESTARTING = ["src", "rater", "session"];
const live = new Set();
let loading;

/** Loads the wasm and the style sheet, once. */
function widget() {
  loading ??= Promise.all([init({ module_or_path: fetchOwn(WASM) }), styles()]).then(([, sheet]) => {
    tell_panics(rescueAll);
    return sheet;
  });
  // A failed load may succeed when it is tried again.
  loading.catch(() => (loading = undefined));
  return loading;
}

async function styles() {
  const response = await fetchOwn(new URL("./k-sort.css", import.meta.url));
  return new CSSStyleSheet().replace(await response.text());
}

let panels;

/** What shows media, imported once. */
function loadPanels() {
  panels ??= import("./panels/panels.js");
  panels.catch(() => (panels = undefined));
  return panels;
}

/** After a panic the wasm is of no more use: every element offers the votes instead. */
function rescueAll(message) {
  const elements = [...live];
  live.clear();
  for (const element of elements) rescue(element, message);
}

/** A value for a message. Not everything can be written as JSON. */
function quoted(value) {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}

class KSort extends HTMLElement {
  static observedAttributes = [...RESTARTING, "lang"];

  #mounted;
  #turn = 0;
  #scoring;
  #delivery;
  #path;
  /** Absolute URL of the study file, whatever becomes of the page's address. */
  #src;
  #ready;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.#expect();
  }

  connectedCallback() {
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after || this.#turn === 0) return;
    if (name === "lang" && this.#mounted) this.#mounted.speakAnew();
    else this.#start();
  }

  /** The study file, once it is loaded. */
  study() {
    const text = this.#mounted?.studyText();
    return text ? JSON.parse(text) : undefined;
  }

  /** The session's votes, as an array of records; none in a preview, and before the rater agrees. */
  votes() {
    return this.#mounted?.stores() ? this.#mounted.votes() : [];
  }

  /** The models by score, best first, on a criterion or the first. */
  leaderboard(criterion) {
    if (criterion != null && typeof criterion !== "string") {
      throw new TypeError(`criterion: found ${quoted(criterion)}, expected the id of a criterion, a text, or nothing`);
    }
    return this.#mounted?.leaderboard(criterion ?? undefined) ?? [];
  }

  /** Resolves when every vote is acknowledged by every back end. */
  async flush() {
    await this.#ready.promise;
    if (!this.#mounted?.studyText()) throw new Error("the study is not loaded");
    // Before anything is stored there is nothing to wait for.
    if (this.#mounted.syncs() && this.#mounted.stores()) return (await this.#loadDelivery()).flush();
  }

  /** The session's votes as a JSON Lines Blob. */
  exportVotes() {
    return (this.#mounted?.stores() && this.#mounted.exportVotes()) || new Blob([], { type: "application/x-ndjson" });
  }

  focus(options = { preventScroll: true }) {
    this.shadowRoot.querySelector(".widget")?.focus(options);
  }

  /** An id that the page gives; a blank one is none. */
  #id(name) {
    return this.getAttribute(name)?.trim() || undefined;
  }

  #expect() {
    let resolve;
    const promise = new Promise((done) => (resolve = done));
    this.#ready = { promise, resolve };
  }

  async #start() {
    this.#stop();
    const turn = ++this.#turn;
    const place = document.createElement("div");
    place.className = "place";
    this.shadowRoot.replaceChildren(place);
    try {
      const [sheet] = await Promise.all([widget(), this.#speak()]);
      if (turn !== this.#turn) return;
      this.shadowRoot.adoptedStyleSheets = [sheet];
      const src = this.getAttribute("src");
      if (!src) throw new Error("the element has no src attribute, the URL of a study file");
      this.#src = new URL(src, document.baseURI).href;
      const isOwnOnly = document.querySelector('meta[name="k-sort-studies"][content="own"]') !== null;
      for (const event of ["k-sort-ready", "k-sort-error"]) this.addEventListener(event, this.#ready.resolve, { once: true });
      if (isOwnOnly) expectOwn(this.#src, wordsOf(this));
      const current = (load) => () => (turn === this.#turn ? load() : Promise.reject(new Error("the element began anew")));
      this.#mounted = mount(this, place, this.#src, this.#id("rater"), this.#id("session"), {
        fetchStudy: (url) => fetchStudy(url, wordsOf(this), isOwnOnly),
        storage,
        fetchMedium: (url, progress, isPicture) => fetchMedium(url, progress, isPicture, wordsOf(this)),
        loadPanels,
        fill: (what, place, told) => this.#fill(what, place, JSON.parse(told)),
        say: wordsOf(this),
        speak: (study) => this.#speak(study),
        loadScoring: current(() => this.#loadScoring()),
        loadDelivery: current(() => this.#loadDelivery()),
        loadPath: current(() => this.#loadPath()),
      });
      live.add(this);
    } catch (error) {
      if (turn === this.#turn) this.#fail(place, error);
    }
  }

  /**
   * Takes the words of the language that the element, the study or the browser asks for; English where they cannot be had.
   *
   * @param {string} [study] the study's language
   * @returns {Promise<string[]>} what the element asks for, or an empty text, then what the browser does
   */
  async #speak(study) {
    const asked = this.getAttribute("lang")?.trim() ?? "";
    const words = await load(choose([asked, study ?? "", ...navigator.languages])).catch((error) => {
      console.warn(`k-sort: the words are English: ${error.message}`);
      return load("en");
    });
    speak(this, words);
    return [asked, ...navigator.languages];
  }

  /** What computes away from the page, loaded when it is first needed. */
  #loadScoring() {
    const scoring = (this.#scoring ??= import("./scoring/scoring.js").then(({ open }) => open(() => this.getAttribute("scorer"))));
    // A failed load may succeed when it is tried again.
    scoring.catch(() => this.#scoring === scoring && (this.#scoring = undefined));
    return scoring;
  }

  /** What delivers votes, loaded when the first trial is on screen. */
  #loadDelivery() {
    const delivery = (this.#delivery ??= import("./delivery/delivery.js").then(({ open }) => open(this, this.#mounted, this.#src)));
    delivery.catch(() => this.#delivery === delivery && (this.#delivery = undefined));
    return delivery;
  }

  /** The rater's path besides the trials, loaded where a study has one. */
  #loadPath() {
    const path = (this.#path ??= import("./path/path.js").then(({ open }) => open(this, () => this.#mounted)));
    path.catch(() => this.#path === path && (this.#path = undefined));
    return path;
  }

  #stop() {
    ++this.#turn;
    this.#delivery?.then((delivery) => delivery.close(), () => {});
    this.#delivery = undefined;
    this.#scoring?.then((scoring) => scoring.close(), () => {});
    this.#scoring = undefined;
    this.#path?.then((path) => path.close(), () => {});
    this.#path = undefined;
    live.delete(this);
    if (!this.#mounted) return;
    this.#mounted.unmount();
    this.#mounted = undefined;
    this.#ready.resolve();
    this.#expect();
  }

  /** Fills a place in the widget with one of {@link VIEWS}. */
  #fill(what, place, told) {
    const means = {
      t: wordsOf(this),
      widget: this.#mounted,
      src: this.#src,
      tellError: (code, message) => this.#tellError(code, message),
      download: () => this.#download(),
      loadScoring: () => this.#loadScoring(),
      loadDelivery: () => this.#loadDelivery(),
      loadPath: () => this.#loadPath(),
    };
    VIEWS[what](place, told, means);
  }

  /** Gives the rater this session's votes as a file, and those of other sessions that have not been delivered. */
  async #download() {
    try {
      if (this.#mounted.syncs()) return await (await this.#loadDelivery()).download();
    } catch (error) {
      console.warn(`k-sort: this session's votes only are in the file: ${error.message}`);
    }
    try {
      saveFile(`${this.study().id}-votes.jsonl`, [this.exportVotes()]);
    } catch (error) {
      this.#tellError("download", error.message);
    }
  }

  #tellError(code, message) {
    this.dispatchEvent(new CustomEvent("k-sort-error", { bubbles: true, composed: true, detail: { code, message } }));
  }

  /** Says why there is nothing to answer; `told` is what `k-sort-error` calls it. */
  #fail(place, { told = "start", message }) {
    const text = document.createElement("p");
    text.setAttribute("role", "alert");
    const t = wordsOf(this);
    text.textContent = t("K-Sort cannot start: {0}", message);
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = t("Try again");
    again.addEventListener("click", () => this.#start());
    place.replaceChildren(text, again);
    this.#tellError(told, message);
  }
}

if (!customElements.get("k-sort")) customElements.define("k-sort", KSort);
