// The outbox: one entry a vote and back end, in this browser's database, or in the widget's memory where that refuses.

const DATABASE = "k-sort";

/**
 * The entries of a study.
 *
 * @param {string} study
 * @param {{isLasting: () => boolean, studyOrigin: () => string, unsaved: () => string, settled: (backEnd: string, vote: string, delivered: boolean, reason?: string) => void}} widget
 */
export class Entries {
  #study;
  /** Where the study file is from. */
  #source;
  #widget;
  #database;
  #isClosed = false;

  constructor(study, widget) {
    this.#study = study;
    this.#source = widget.studyOrigin();
    this.#widget = widget;
  }

  /** Whether votes are in the browser's database at all. */
  isLasting() {
    return this.#widget.isLasting();
  }

  /**
   * All of them, oldest first: those in the database, of other tabs and earlier sessions too, and those in the memory of this page.
   *
   * @returns {Promise<{stored: object[], unsaved: object[], failure?: Error}>} `failure` where the database does not tell
   */
  async look() {
    try {
      return { stored: await this.#stored(), unsaved: this.unsaved() };
    } catch (failure) {
      return { stored: [], unsaved: this.unsaved(), failure };
    }
  }

  /** Those that are in the memory of this page, so that nobody else can send them. */
  unsaved() {
    return JSON.parse(this.#widget.unsaved()).flatMap(([, entries]) => entries);
  }

  /** The records of votes, as far as there are any. */
  async records(ids) {
    const own = new Map(JSON.parse(this.#widget.unsaved()).map(([vote]) => [vote.id, vote]));
    const database = ids.every((id) => own.has(id)) ? undefined : await this.#open();
    const votes = database?.transaction("votes").objectStore("votes");
    const records = await Promise.all(ids.map((id) => own.get(id) ?? (votes && answer(votes.get(id)))));
    return records.filter(Boolean);
  }

  /** Carries out changes: `{delivered}`, `{set_aside}` or `{again}`, each with an entry. One that cannot be written is made up for: the vote is sent once more, and known there by its id. */
  async apply(changes) {
    for (const { delivered, set_aside: aside, again } of changes) {
      const { back_end: backEnd, vote, set_aside: reason } = delivered ?? aside ?? again;
      this.#widget.settled(backEnd, vote, Boolean(delivered), reason ?? undefined);
    }
    const database = await this.#open();
    if (!database || changes.length === 0) return;
    const transaction = database.transaction("outbox", "readwrite", { durability: "strict" });
    const outbox = transaction.objectStore("outbox");
    const unsaved = new Set(this.unsaved().map(({ vote }) => vote));
    for (const { delivered, set_aside: aside, again } of changes) {
      const entry = delivered ?? aside ?? again;
      if (delivered) outbox.delete([entry.back_end, entry.vote]);
      else if (!unsaved.has(entry.vote)) outbox.put({ study: this.#study, source: this.#source, ...entry });
    }
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave the write up"));
    });
  }

  close() {
    this.#isClosed = true;
    this.#database?.then((database) => database.close(), () => {});
  }

  async #stored() {
    const database = await this.#open();
    if (!database) return [];
    const outbox = database.transaction("outbox").objectStore("outbox");
    // A list sorts after every text.
    const ours = IDBKeyRange.bound([this.#study], [this.#study, []]);
    const entries = await answer(outbox.index("by-study").getAll(ours));
    // A study file from elsewhere may call itself the same. Entries from before that was told have no source; one without an id is damaged.
    return entries.filter(({ vote, source = this.#source }) => source === this.#source && typeof vote === "string");
  }

  /** The database, which the widget has made; none where the browser refuses it. */
  #open() {
    if (this.#isClosed || !this.#widget.isLasting()) return undefined;
    this.#database ??= opened().then((database) => {
      const forget = () => (this.#database = undefined);
      // Who deletes or upgrades it must not wait for this.
      database.onversionchange = () => {
        database.close();
        forget();
      };
      database.onclose = forget;
      return database;
    });
    this.#database.catch(() => (this.#database = undefined));
    return this.#database;
  }
}

function opened() {
  const request = indexedDB.open(DATABASE);
  // It is gone, and making an empty one would shut the widget out of it.
  request.onupgradeneeded = () => request.transaction.abort();
  return answer(request);
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
