// What delivers votes: a line to each back end, and how that stands. Imported once the first trial is on screen.
import { saveFile } from "../save.js";
import { wordsOf } from "../words.js";
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
 * @property {boolean} unknown whether the database does not tell which votes wait
 * @property {boolean} files whether votes go to a file only
 * @property {boolean} lasting whether votes that wait survive the page
 */

const GONE = "the study no longer names this back end";
/** What outbox entries call the file that the rater gets. */
const FILE = "download";

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

/** What `flush()` rejects with where a back end refused votes, rather than that they could not be sent. */
class RefusedError extends Error {
  name = "RefusedError";
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
  /** What is told of delivery. */
  #shown;
  #clock;
  #turn = 0;
  #closed = new AbortController();
  /** Whether the file that the rater gets is a back end. */
  #files;

  constructor(host, widget, study, ends) {
    this.#host = host;
    this.#widget = widget;
    this.#study = study;
    this.#entries = new Entries(study, widget);
    this.#files = ends.some(({ atEnd }) => atEnd);
    this.#channel = new BroadcastChannel(`k-sort ${widget.studyOrigin()} ${study}`);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    const sent = ends.filter(({ atEnd }) => !atEnd);
    this.#lines = sent.map(({ line }) => new Line(line, `${widget.studyOrigin()} ${study}`, this.#entries, (line, changes) => this.#settled(line, changes)));
    const { signal } = this.#closed;
    addEventListener("online", () => this.#lines.forEach((line) => line.hurry()), { signal });
    addEventListener("pagehide", () => this.#part(), { signal });
    host.addEventListener("k-sort-complete", () => this.#giveFile(), { signal });
    if (widget.isDone()) this.#giveFile();
    for (const { line, pull: from } of ends) {
      if (from) pull(line, from, study, (page) => widget.learn(page.votes, page.standings && JSON.stringify(page.standings)), signal);
    }
    this.#refresh();
  }

  /** Sends what waits. `votes` are the records that are new, as a JSON array. */
  async deliver(votes) {
    const records = JSON.parse(votes);
    for (const vote of records) this.#recent.set(vote.id, vote);
    // Nobody may read that all is delivered until the database has told of the new ones.
    if (this.#shown && this.#lines.length > 0) this.#draw({ ...this.#shown, waiting: this.#shown.waiting + records.length });
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
    const { stored, unsaved } = await this.#entries.look();
    const entries = [...stored, ...unsaved];
    const votes = this.#widget.votes();
    const own = new Set(votes.map(({ id }) => id));
    const others = [...new Set(entries.map(({ vote }) => vote))].filter((id) => !own.has(id));
    const records = [...votes, ...(await this.#entries.records(others).catch(() => []))];
    saveFile(`${this.#study}-votes.jsonl`, records.map((record) => JSON.stringify(record) + "\n"));
    // Where the file is a back end, what is in it has arrived.
    const arrived = entries.filter(({ back_end: key, vote }) => this.#files && key === FILE && records.some(({ id }) => id === vote));
    await this.#note(arrived.map((delivered) => ({ delivered })));
    this.#channel.postMessage({ stored: true });
    await this.#refresh();
  }

  /** Resolves when every vote of this session is acknowledged by every back end; rejects when one is refused. */
  flush() {
    this.#lines.forEach((line) => line.hurry());
    this.#channel.postMessage({ hurry: true });
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

  /** Writes what the rater has brought about. Where that fails it comes up once more. */
  async #note(changes) {
    await this.#entries.apply(changes).catch((error) => console.warn(`k-sort: the outbox could not be written: ${error.message}`));
  }

  #nudge() {
    this.#lines.forEach((line) => line.nudge());
  }

  /** Gives the rater the file at the end, if it has votes to take there. */
  async #giveFile() {
    if (!this.#files) return;
    const { stored, unsaved } = await this.#entries.look();
    if (!this.#closed.signal.aborted && [...stored, ...unsaved].some(({ back_end: key }) => key === FILE)) await this.download();
  }

  /** Tries everything now, also what was refused, as the rater asks. */
  async #tryNow() {
    const keys = this.#lines.map((line) => line.key);
    const { stored, unsaved } = await this.#entries.look();
    const refused = [...stored, ...unsaved].filter(({ back_end: key, set_aside: aside }) => aside && keys.includes(key));
    await this.#note(refused.map((entry) => ({ again: { ...entry, set_aside: null } })));
    this.#lines.forEach((line) => line.tryNow());
    this.#channel.postMessage({ tryNow: true });
    await this.#refresh();
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
  #hear({ stored, hurry, tryNow, lines = [] }) {
    for (const [key, trouble] of lines) this.#told.set(key, trouble);
    if (stored) this.#nudge();
    if (hurry) this.#lines.forEach((line) => line.hurry());
    if (tryNow) this.#lines.forEach((line) => line.tryNow());
    this.#refresh({ quietly: true });
  }

  async #refresh({ quietly = false } = {}) {
    const turn = ++this.#turn;
    if (this.#closed.signal.aborted) return;
    const { stored, unsaved, failure } = await this.#entries.look();
    if (turn !== this.#turn || this.#closed.signal.aborted) return;
    const entries = [...stored, ...unsaved];
    this.#draw(this.#status(entries, failure));
    // What cannot be read is not delivered for that.
    if (!failure) {
      this.#forgetDelivered(entries);
      this.#endFlushesOf(entries);
    }
    // Whoever leads tells the others.
    const led = this.#lines.filter((line) => line.leads).map((line) => [line.key, this.#troubleOf(line, entries)]);
    if (!quietly && led.length > 0) this.#channel.postMessage({ lines: led });
  }

  /** @returns {Status} */
  #status(entries, failure) {
    const known = this.#known();
    const open = entries.filter((entry) => !this.#refusal(entry, known));
    const count = (wanted) => new Set(open.filter(wanted).map(({ vote }) => vote)).size;
    const waiting = count(({ back_end: key }) => key !== FILE);
    const troubles = this.#lines.map((line) => this.#troubleOf(line, entries)).filter(Boolean);
    return {
      waiting,
      held: count(({ back_end: key }) => key === FILE),
      aside: entries.filter((entry) => this.#refusal(entry, known)).map((entry) => [entry.vote, this.#refusal(entry, known)]),
      trouble: failure ? { reason: wordsOf(this.#host)("this browser's database fails ({0})", failure.message) } : waiting ? troubles[0] : undefined,
      unknown: Boolean(failure),
      files: this.#lines.length === 0,
      lasting: this.#entries.isLasting() && this.#entries.unsaved().length === 0,
    };
  }

  /** What outbox entries call the back ends of the study. */
  #known() {
    return new Set([...this.#lines.map((line) => line.key), ...(this.#files ? [FILE] : [])]);
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
    this.#shown = status;
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
    const known = this.#known();
    const own = new Set(this.#widget.votes().map(({ id }) => id));
    const refusals = entries.filter(({ vote }) => own.has(vote)).map((entry) => this.#refusal(entry, known));
    if (refusals.some((refusal) => refusal === undefined)) return;
    this.#endFlushes(refusals.length > 0 ? new RefusedError(`${refusals.length} votes were refused: ${refusals[0]}`) : undefined);
  }

  #endFlushes(error) {
    for (const { resolve, reject } of this.#flushes.splice(0)) error ? reject(error) : resolve();
  }
}
