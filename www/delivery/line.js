// Delivery to one back end: one request at a time, oldest vote first, from one tab at a time.
import { overNetwork, toJatos, toPageAround } from "./carriers.js";

/** Most bytes that all requests of a page that goes away may have (Fetch standard, "keepalive"). */
const LAST_BYTES = 60_000;
/** The browser's timers overflow beyond 24 days; an alarm that rings early just sets the next. */
const LONGEST_ALARM = 3_600_000;

export class Line {
  /** Whether this tab is the one that sends. */
  #leads = false;
  #closed = new AbortController();
  #plan;
  #entries;
  #settled;
  #save;
  #held;
  #alarm;
  #wake;
  #nudged = false;
  /** Ids of the votes that waited when it was last looked, and the records of those that were tried. */
  #waiting = [];
  #records = [];
  #done = new Set();

  /**
   * @param {object} plan what to send and when, see `plan.js`
   * @param {object} options
   * @param {string} options.study
   * @param {import("./entries.js").Entries} options.entries
   * @param {(line: Line, changes: object[]) => void} options.settled told after each try
   * @param {() => Promise<void>} options.save gives the rater the file that votes go to
   * @param {boolean} options.held whether votes wait until they are released
   */
  constructor(plan, { study, entries, settled, save, held }) {
    this.#plan = plan;
    this.#entries = entries;
    this.#settled = settled;
    this.#save = save;
    this.#held = held;
    this.#lead(`k-sort ${study} ${plan.key}`);
    this.#run();
  }

  get key() {
    return this.#plan.key;
  }

  get held() {
    return this.#held;
  }

  get leads() {
    return this.#leads;
  }

  /** Why the last try failed, and when the next one is due, in milliseconds since 1970. */
  trouble(entries) {
    const reason = this.#plan.trouble();
    return reason && { reason, next: this.#plan.wake(entries) };
  }

  /** Looks for votes to send. */
  nudge() {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Waits no longer than the back end has asked for. */
  hurry() {
    this.#plan.hurry();
    this.nudge();
  }

  /** Waits no longer at all. */
  tryNow() {
    this.#plan.tryNow();
    this.nudge();
  }

  /** Lets go of votes that were held. */
  release() {
    this.#held = false;
    this.nudge();
  }

  /**
   * The page may be going away: sends one more request without waiting for an answer, of this page's new `records` and what waited
   * before them, and gives the bytes left.
   */
  part(records, bytes = LAST_BYTES) {
    if (!this.#leads || this.#held) return bytes;
    const known = new Map([...this.#records, ...records].map((record) => [record.id, record]));
    const waiting = [...new Set([...this.#waiting, ...records.map(({ id }) => id)])].filter((id) => !this.#done.has(id));
    // A newer one must not overtake one whose record is not at hand.
    const unknown = waiting.findIndex((id) => !known.has(id));
    const ids = unknown < 0 ? waiting : waiting.slice(0, unknown);
    for (let count = ids.length; count > 0; count >>= 1) {
      const some = ids.slice(0, count);
      const { request } = this.#plan.parcel(some, some.map((id) => known.get(id)));
      if (request?.carrier !== "fetch") break;
      const { size } = new Blob([request.body]);
      if (size > bytes) continue;
      // They are sent once more later unless an answer comes, and known there by their ids.
      overNetwork(request, { keepalive: true });
      return bytes - size;
    }
    return bytes;
  }

  close() {
    this.#closed.abort();
    this.nudge();
  }

  /** Leads as soon as no other tab does. Where tabs cannot agree, each sends, which doubles nothing. */
  #lead(name) {
    const lead = () => {
      this.#leads = true;
      this.nudge();
      return new Promise((resolve) => this.#closed.signal.addEventListener("abort", resolve));
    };
    if (!navigator.locks) return void lead();
    navigator.locks.request(name, { signal: this.#closed.signal }, lead).catch((error) => {
      if (error.name !== "AbortError") lead();
    });
  }

  async #run() {
    while (!this.#closed.signal.aborted) {
      this.#nudged = false;
      let entries = [];
      try {
        const all = this.#leads ? await this.#entries.all() : this.#entries.unsaved();
        entries = all.filter(({ back_end: key }) => key === this.key);
        this.#waiting = entries.filter(({ set_aside: aside }) => !aside).map(({ vote }) => vote);
        const due = this.#held ? [] : this.#plan.due(entries);
        if (due.length > 0) {
          await this.#send(due, entries);
          continue;
        }
      } catch (error) {
        this.#plan.fail(`this browser's database fails (${error.message})`);
        this.#settled(this, []);
      }
      await this.#wait(this.#held ? undefined : this.#plan.wake(entries));
    }
    this.#plan.free();
  }

  async #send(due, entries) {
    this.#records = await this.#entries.records(due);
    const { request, ids, lost } = this.#plan.parcel(due, this.#records);
    const of = (ids) => entries.filter(({ vote }) => ids.includes(vote));
    const gone = of(lost).map((entry) => ({ set_aside: { ...entry, set_aside: "the record is gone from this browser's storage" } }));
    const reply = request && (await this.#carry(request));
    // An element that is gone cannot settle anything: the vote is sent once more, and known there by its id.
    if (this.#closed.signal.aborted) return;
    const changes = [...gone, ...(reply ? this.#plan.settle(of(ids), reply) : [])];
    for (const { delivered } of changes) if (delivered) this.#done.add(delivered.vote);
    await this.#entries.apply(changes);
    this.#settled(this, changes);
  }

  #carry(request) {
    switch (request.carrier) {
      case "post-message":
        return toPageAround(request);
      case "jatos":
        return toJatos(request);
      case "download":
        return this.#save().then(
          () => ({ status: 200, body: "" }),
          (error) => ({ body: error.message }),
        );
      default:
        return overNetwork(request);
    }
  }

  /** Until it is nudged, or until this time. */
  #wait(until = Infinity) {
    if (this.#nudged) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
      const ms = Math.min(Math.max(until - Date.now(), 1), LONGEST_ALARM);
      this.#alarm = setTimeout(resolve, ms);
    }).finally(() => {
      clearTimeout(this.#alarm);
      this.#wake = undefined;
    });
  }
}
