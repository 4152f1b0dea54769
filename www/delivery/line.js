// Delivery to one back end: one request at a time, oldest vote first, from one tab at a time.
import { overNetwork, toJatos, toPageAround } from "./carriers.js";

/** Most bytes that all requests of a page that goes away may have (Fetch standard, "keepalive"). */
const LAST_BYTES = 60_000;
/** The browser's timers overflow beyond 24 days; an alarm that rings early just sets the next. */
const LONGEST_ALARM = 3_600_000;

/** Milliseconds after which the database is asked again, once it has failed. */
const RETRY = 30_000;

export class Line {
  /** Whether this tab is the one that sends what is in the database. What is in its memory it sends in any case. */
  #leads = false;
  /** Lets another tab lead. */
  #letGo;
  #closed = new AbortController();
  #plan;
  #entries;
  #settled;
  #lock;
  #wake;
  #nudged = false;
  /** Ids of the votes that waited, and of those that were set aside, when it was last looked; and the records that were tried. */
  #waiting = [];
  #aside = new Set();
  #records = [];
  /** Ids of the votes that have arrived, even if the database does not know it yet. */
  #done = new Set();

  /**
   * @param {object} plan what to send and when, see `plan.js`
   * @param {string} study where its file is from, and its id
   * @param {import("./entries.js").Entries} entries
   * @param {(line: Line, changes: object[]) => void} settled told after each try
   */
  constructor(plan, study, entries, settled) {
    this.#plan = plan;
    this.#entries = entries;
    this.#settled = settled;
    this.#lock = `k-sort ${study} ${plan.key}`;
    if (entries.isLasting()) this.#lead();
    this.#run();
  }

  get key() {
    return this.#plan.key;
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

  /**
   * The page may be going away: sends one more request without waiting for an answer, of this page's new `records` and what waited
   * before them, and gives the bytes left.
   */
  part(records, bytes = LAST_BYTES) {
    if (!this.#leads) return bytes;
    const known = new Map([...this.#records, ...records].map((record) => [record.id, record]));
    const all = new Set([...this.#waiting, ...records.map(({ id }) => id)]);
    const waiting = [...all].filter((id) => !this.#done.has(id) && !this.#aside.has(id));
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
  #lead() {
    const { signal } = this.#closed;
    const lead = () => {
      // The browser may grant the lock just as it is given up.
      if (signal.aborted) return undefined;
      this.#leads = true;
      this.nudge();
      return new Promise((resolve) => {
        this.#letGo = resolve;
        signal.addEventListener("abort", resolve);
      });
    };
    if (!navigator.locks) return void lead();
    navigator.locks.request(this.#lock, { signal }, lead).catch((error) => {
      if (error.name !== "AbortError") lead();
    });
  }

  /** Lets a tab lead whose database works. */
  #standBack() {
    if (!this.#leads || !navigator.locks) return;
    this.#leads = false;
    this.#letGo();
    setTimeout(() => this.#closed.signal.aborted || this.#lead(), RETRY);
  }

  async #run() {
    while (!this.#closed.signal.aborted) {
      this.#nudged = false;
      const until = await this.#turn().catch((error) => {
        console.warn(`k-sort: delivery has to wait: ${error.message}`);
        return Date.now() + RETRY;
      });
      if (until !== 0) await this.#wait(until);
    }
    this.#plan.free();
  }

  /** Sends what is due, and gives when to look again: at 0 at once, at nothing when it is nudged. */
  async #turn() {
    const { stored, unsaved, failure } = await this.#entries.look();
    if (this.#closed.signal.aborted) return undefined;
    if (failure) {
      this.#standBack();
      this.#settled(this, []);
    }
    const own = [...(this.#leads ? stored : []), ...unsaved].filter(({ back_end: key }) => key === this.key);
    const open = own.filter(({ vote }) => !this.#done.has(vote));
    this.#waiting = open.filter(({ set_aside: aside }) => !aside).map(({ vote }) => vote);
    this.#aside = new Set(open.filter(({ set_aside: aside }) => aside).map(({ vote }) => vote));
    const due = this.#plan.due(open);
    if (due.length > 0) {
      await this.#send(due, open);
      return 0;
    }
    // What arrived before, but could not be forgotten.
    const arrived = own.filter(({ vote }) => this.#done.has(vote));
    if (arrived.length > 0) await this.#entries.apply(arrived.map((delivered) => ({ delivered })));
    return failure ? Date.now() + RETRY : this.#plan.wake(open);
  }

  async #send(due, entries) {
    this.#records = await this.#entries.records(due);
    if (this.#closed.signal.aborted) return;
    const { request, ids, lost } = this.#plan.parcel(due, this.#records);
    const of = (ids) => entries.filter(({ vote }) => ids.includes(vote));
    const gone = of(lost).map((entry) => ({ set_aside: { ...entry, set_aside: "the record is gone from this browser's storage" } }));
    const reply = request && (await carry(request));
    // An element that is gone cannot settle anything: the vote is sent once more, and known there by its id.
    if (this.#closed.signal.aborted) return;
    const changes = [...gone, ...(reply ? this.#plan.settle(of(ids), reply) : [])];
    for (const { delivered } of changes) if (delivered) this.#done.add(delivered.vote);
    try {
      await this.#entries.apply(changes);
    } finally {
      this.#settled(this, changes);
    }
  }

  /** Until it is nudged, or until this time. */
  #wait(until = Infinity) {
    if (this.#nudged) return undefined;
    let alarm;
    return new Promise((resolve) => {
      this.#wake = resolve;
      alarm = setTimeout(resolve, Math.min(Math.max(until - Date.now(), 1), LONGEST_ALARM));
    }).finally(() => {
      clearTimeout(alarm);
      this.#wake = undefined;
    });
  }
}

function carry(request) {
  switch (request.carrier) {
    case "post-message":
      return toPageAround(request);
    case "jatos":
      return toJatos(request);
    default:
      return overNetwork(request);
  }
}
