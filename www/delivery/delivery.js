// What delivers votes: a line to each back end, and how that stands. Imported once the first trial is on screen.
import { saveFile } from "../save.js";
import { Entries } from "./entries.js";
import { bar, ending } from "./indicator.js";
import { Line } from "./line.js";
import { backEnds } from "./plan.js";
import { pull } from "./pull.js";

/**
 * How delivery stands, over all back ends.
 *
 * @typedef {object} Status
 * @property {number} waiting votes on their way
 * @property {number} held votes that wait for the file at the end
 * @property {[string, string][]} aside votes that a back end refused, each with its reason
 * @property {{reason: string, next?: number}} [trouble] why the last try failed, and when the next is due, in milliseconds since 1970
 * @property {boolean} files whether votes go to a file only
 * @property {boolean} lasting whether votes that wait survive the page
 */

const GONE = "the study no longer names this back end";

/**
 * Delivery for one element.
 *
 * @param {HTMLElement} host
 * @param {object} widget the mounted widget
 * @param {string} src URL of the study file
 */
export async function open(host, widget, src) {
  const text = widget.studyText();
  return new Delivery(host, widget, JSON.parse(text).id, await backEnds(text, src));
}

class Delivery {
  #host;
  #widget;
  #study;
  #entries;
  #lines;
  #views = new Set();
  #flushes = [];
  /** Records of this page that some back end may not have yet. */
  #recent = new Map();
  /** What other tabs say of lines that they lead. */
  #told = new Map();
  #channel;
  #clock;
  #turn = 0;
  #closed = new AbortController();
  #plans;

  constructor(host, widget, study, ends) {
    this.#host = host;
    this.#widget = widget;
    this.#study = study;
    this.#entries = new Entries(study, widget);
    this.#plans = ends.map(({ line }) => line);
    this.#channel = new BroadcastChannel(`k-sort ${study}`);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    const options = { study, entries: this.#entries, settled: (line, changes) => this.#settled(line, changes), save: () => this.#save() };
    this.#lines = ends.map(({ line, atEnd }) => new Line(line, { ...options, held: atEnd && !widget.isDone() }));
    const { signal } = this.#closed;
    addEventListener("online", () => this.#lines.forEach((line) => line.hurry()), { signal });
    addEventListener("pagehide", () => this.#part(), { signal });
    host.addEventListener("k-sort-complete", () => this.#lines.forEach((line) => line.held && line.release()), { signal });
    for (const { line, pull: from } of ends) {
      if (from) pull(line, from, study, (page) => widget.learn(page.votes, page.standings && JSON.stringify(page.standings)), signal);
    }
    this.#refresh();
  }

  /** Sends what waits. `votes` are the records that are new, as a JSON array. */
  async deliver(votes) {
    for (const vote of JSON.parse(votes)) this.#recent.set(vote.id, vote);
    this.#nudge();
    this.#channel.postMessage({ stored: true });
    await this.#refresh();
  }

  /** Tells in `place` how delivery stands, as long as it is on the page. */
  async show(place, short) {
    const means = { tryNow: () => this.#tryNow(), download: () => this.download() };
    this.#views.add((short ? bar : ending)(place, means));
    await this.#refresh();
  }

  /** Gives the rater the file: this session's votes, and those of other sessions that have not been delivered. */
  async download() {
    const file = this.#lines.find((line) => line.key === "download");
    const entries = await this.#entries.all();
    // The file is the back end, and what is in it has arrived.
    if (file && entries.some(({ back_end: key, set_aside: aside }) => key === file.key && !aside)) file.release();
    else await this.#save();
  }

  /** Resolves when every vote of this session is acknowledged by every back end; rejects when one is refused. */
  flush() {
    this.#lines.forEach((line) => line.hurry());
    return new Promise((resolve, reject) => {
      this.#flushes.push({ resolve, reject });
      this.#refresh();
    });
  }

  close() {
    this.#closed.abort();
    clearInterval(this.#clock);
    this.#lines.forEach((line) => line.close());
    this.#channel.close();
    this.#entries.close();
    this.#endFlushes(new Error("the element was taken away"));
  }

  #nudge() {
    this.#lines.forEach((line) => line.nudge());
  }

  /** Tries everything now, also what was refused, as the rater asks. */
  async #tryNow() {
    const keys = this.#lines.map((line) => line.key);
    const refused = (await this.#entries.all()).filter(({ back_end: key, set_aside: aside }) => aside && keys.includes(key));
    await this.#entries.apply(refused.map((entry) => ({ again: { ...entry, set_aside: null } })));
    this.#lines.forEach((line) => line.tryNow());
    this.#channel.postMessage({ tryNow: true });
    await this.#refresh();
  }

  async #save() {
    const votes = this.#widget.votes();
    const own = new Set(votes.map(({ id }) => id));
    const others = (await this.#entries.all()).map(({ vote }) => vote).filter((id) => !own.has(id));
    const records = [...votes, ...(await this.#entries.records([...new Set(others)]))];
    saveFile(`${this.#study}-votes.jsonl`, records.map((record) => JSON.stringify(record) + "\n"));
  }

  /** The page may be going away. */
  #part() {
    const records = [...this.#recent.values()];
    this.#lines.reduce((bytes, line) => line.part(records, bytes), undefined);
  }

  #settled(line, changes) {
    if (this.#closed.signal.aborted) return;
    for (const { set_aside: aside } of changes) {
      if (aside) this.#tellError(`${line.key} refused vote ${aside.vote}: ${aside.set_aside}`);
    }
    this.#refresh();
  }

  #tellError(message) {
    const detail = { code: "delivery", message };
    this.#host.dispatchEvent(new CustomEvent("k-sort-error", { bubbles: true, composed: true, detail }));
  }

  /** What another tab says. */
  #hear({ tryNow, lines = [] }) {
    for (const [key, trouble] of lines) this.#told.set(key, trouble);
    if (tryNow) this.#lines.forEach((line) => line.tryNow());
    else this.#nudge();
    this.#refresh({ quietly: true });
  }

  async #refresh({ quietly = false } = {}) {
    const turn = ++this.#turn;
    let failure;
    const entries = await this.#entries.all().catch((error) => {
      failure = { reason: `this browser's database fails (${error.message})` };
      return this.#entries.unsaved();
    });
    if (turn !== this.#turn || this.#closed.signal.aborted) return;
    const status = this.#status(entries, failure);
    this.#forgetDelivered(entries);
    this.#draw(status);
    this.#endFlushesOf(entries);
    // Whoever leads tells the others.
    const led = this.#lines.filter((line) => line.leads).map((line) => [line.key, this.#troubleOf(line, entries)]);
    if (!quietly && led.length > 0) this.#channel.postMessage({ lines: led });
  }

  /** @returns {Status} */
  #status(entries, failure) {
    const held = new Set(this.#lines.filter((line) => line.held).map((line) => line.key));
    const known = new Set(this.#lines.map((line) => line.key));
    const of = (wanted) => new Set(entries.filter((entry) => !this.#refusal(entry, known) && wanted(entry)).map(({ vote }) => vote)).size;
    const waiting = of(({ back_end: key }) => !held.has(key));
    const troubles = this.#lines.map((line) => this.#troubleOf(line, entries)).filter(Boolean);
    return {
      waiting,
      held: of(({ back_end: key }) => held.has(key)),
      aside: entries.filter((entry) => this.#refusal(entry, known)).map((entry) => [entry.vote, this.#refusal(entry, known)]),
      trouble: failure ?? (waiting ? troubles[0] : undefined),
      files: this.#lines.every((line) => line.key === "download"),
      lasting: this.#widget.isLasting() && this.#entries.unsaved().length === 0,
    };
  }

  #troubleOf(line, entries) {
    const own = entries.filter(({ back_end: key }) => key === line.key);
    return line.trouble(own) ?? (line.leads ? undefined : this.#told.get(line.key));
  }

  /** Why an entry is not on its way. */
  #refusal({ back_end: key, set_aside: aside }, known) {
    return aside ?? (known.has(key) ? undefined : GONE);
  }

  #forgetDelivered(entries) {
    const open = new Set(entries.map(({ vote }) => vote));
    for (const id of this.#recent.keys()) if (!open.has(id)) this.#recent.delete(id);
  }

  #draw(status) {
    const hadFocus = this.#host.shadowRoot.activeElement;
    for (const view of this.#views) {
      if (view.place.isConnected) view.show(status);
      else this.#views.delete(view);
    }
    // What told of trouble may be gone now, and the focus with it.
    if (hadFocus && !this.#host.shadowRoot.activeElement) this.#host.focus();
    clearInterval(this.#clock);
    // Counts down to the next try.
    if (status.trouble?.next) this.#clock = setInterval(() => this.#views.forEach((view) => view.show(status)), 1000);
  }

  #endFlushesOf(entries) {
    if (this.#flushes.length === 0 || this.#widget.isStoring()) return;
    const known = new Set(this.#lines.map((line) => line.key));
    const own = new Set(this.#widget.votes().map(({ id }) => id));
    const refusals = entries.filter(({ vote }) => own.has(vote)).map((entry) => this.#refusal(entry, known));
    if (refusals.some((refusal) => refusal === undefined)) return;
    this.#endFlushes(refusals.length > 0 ? new Error(`${refusals.length} votes were refused: ${refusals[0]}`) : undefined);
  }

  #endFlushes(error) {
    for (const { resolve, reject } of this.#flushes.splice(0)) error ? reject(error) : resolve();
  }
}
