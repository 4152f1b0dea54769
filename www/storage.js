// The database `k-sort` of this browser: votes, what has yet to be delivered, and where sessions resume.

const NAME = "k-sort";
const VERSION = 1;
const STORES = ["votes", "outbox", "sessions"];

/** Whether the database is there, without making it. */
export function exists() {
  const request = indexedDB.open(NAME);
  // There is none yet, and none is made.
  request.onupgradeneeded = () => request.transaction.abort();
  return done(request).then(
    (database) => (database.close(), true),
    () => false,
  );
}

/** Opens the database, making it where needed. @returns {Promise<Database>} */
export async function open() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const votes = request.result.createObjectStore("votes", { keyPath: "id" });
    // In the order in which they were given.
    votes.createIndex("by-session", ["study", "rater", "session", "seq"]);
    const outbox = request.result.createObjectStore("outbox", { keyPath: ["back_end", "vote"] });
    // Oldest first, as the ids of votes begin with their time: what delivers reads them.
    outbox.createIndex("by-study", ["study", "vote"]);
    request.result.createObjectStore("sessions", { keyPath: "key" });
  };
  return new Database(await done(request));
}

class Database {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /**
   * What is kept of a session, as JSON: `{revision, saved, votes}`.
   *
   * @param {string} key what the page asked for
   */
  async load(key) {
    const transaction = this.#database.transaction(STORES);
    const row = await done(transaction.objectStore("sessions").get(key));
    const { revision = 0, saved } = row ?? {};
    const session = [saved?.study, saved?.rater, saved?.session].map(String);
    // A list sorts after every number and text.
    const range = IDBKeyRange.bound(session, [...session, []]);
    const votes = saved ? await done(transaction.objectStore("votes").index("by-session").getAll(range)) : [];
    return JSON.stringify({ revision, saved, votes });
  }

  /**
   * Stores a step of a session, all or nothing, and on disk: where it resumes, votes, and outbox entries.
   *
   * @param {string} key what the page asked for
   * @param {number} expected the revision that this page knows of
   * @param {string} step JSON of `{row, votes, entries}`
   * @returns {Promise<boolean>} whether it is stored: not where another page has written the session since
   */
  async save(key, expected, step) {
    const { row, votes, entries } = JSON.parse(step);
    const transaction = this.#database.transaction(STORES, "readwrite", { durability: "strict" });
    const stored = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave the write up"));
    });
    // Told below, unless another page is ahead.
    stored.catch(() => {});
    const sessions = transaction.objectStore("sessions");
    const before = await done(sessions.get(key));
    if ((before?.revision ?? 0) !== expected) return false;
    sessions.put(row);
    for (const vote of votes) transaction.objectStore("votes").add(vote);
    for (const entry of entries) transaction.objectStore("outbox").put(entry);
    transaction.commit?.();
    await stored;
    return true;
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
