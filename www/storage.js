// The database `k-sort` of this browser: votes, what has yet to be delivered, and where sessions resume.

const NAME = "k-sort";
const VERSION = 1;
const STORES = ["votes", "outbox", "sessions"];

/** Milliseconds after which a browser that says nothing is taken to refuse. */
const PATIENCE = 5_000;
/** The number of steps of a session whose row tells none: more than any that is told, so that no page knows of it but one that has read that row. */
const UNTOLD = 2 ** 40;

/** Whether the database is there, without making it. */
export function exists() {
  const request = indexedDB.open(NAME);
  // There is none yet, and none is made.
  request.onupgradeneeded = () => request.transaction.abort();
  return opened(request).then(
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
  return new Database(await opened(request));
}

/** The database, unless the browser does not answer in time: one that comes later is closed again. */
function opened(request) {
  return new Promise((resolve, reject) => {
    let isGivenUp = false;
    const giveUp = () => {
      isGivenUp = true;
      reject(new Error("this browser's database does not answer"));
    };
    const patience = setTimeout(giveUp, PATIENCE);
    const end = (settle) => (result) => {
      clearTimeout(patience);
      if (isGivenUp) result.close?.();
      else settle(result);
    };
    done(request).then(end(resolve), end(reject));
  });
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
   * @param {string} [before] what it was kept by before studies of one id were told apart
   */
  async load(key, before) {
    const transaction = this.#database.transaction(STORES);
    const row = await find(transaction, key, before);
    const { saved } = row ?? {};
    const votes = transaction.objectStore("votes");
    const ids = row ? await idsOf(transaction, row) : [];
    const records = (await Promise.all(ids.map((id) => done(votes.get(id))))).filter(Boolean);
    records.sort((one, two) => one.seq - two.seq);
    return JSON.stringify({ revision: revisionOf(row), saved, votes: records });
  }

  /**
   * Stores a step of a session, all or nothing, and on disk: where it resumes, votes, and outbox entries.
   *
   * @param {string} key what the page asked for
   * @param {string | undefined} before what it was kept by before studies of one id were told apart
   * @param {number} expected the revision that this page knows of
   * @param {string} step JSON of `{row, votes, entries}`
   * @returns {Promise<boolean>} whether it is stored: not where another page has written the session since
   */
  async save(key, before, expected, step) {
    const { row, votes, entries } = JSON.parse(step);
    const transaction = this.#database.transaction(STORES, "readwrite", { durability: "strict" });
    const stored = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave the write up"));
    });
    // Told below, unless another page is ahead.
    stored.catch(() => {});
    const sessions = transaction.objectStore("sessions");
    const there = await find(transaction, key, before);
    if (revisionOf(there) !== expected) return false;
    // A session's own votes are known by their ids: another study file may name the same study, rater and session.
    const ids = there ? await idsOf(transaction, there) : [];
    sessions.put({ ...row, ids: [...ids, ...votes.map(({ id }) => id)] });
    if (there && there.key !== key) sessions.delete(there.key);
    for (const vote of votes) transaction.objectStore("votes").add(vote);
    for (const entry of entries) transaction.objectStore("outbox").put(entry);
    transaction.commit?.();
    await stored;
    return true;
  }
}

/** The row of a session, be it still kept by what it was kept by before. */
async function find(transaction, key, before) {
  const sessions = transaction.objectStore("sessions");
  return (await done(sessions.get(key))) ?? (before === undefined ? undefined : done(sessions.get(before)));
}

/** How many steps of a session are stored. What is no such number counts as {@link UNTOLD}, so that the session goes on. */
function revisionOf(row) {
  if (!row) return 0;
  return Number.isSafeInteger(row.revision) && row.revision >= 0 ? row.revision : UNTOLD;
}

/** Ids of a session's votes. A row from before they were noted has all that name its session, but those that another row has noted. */
async function idsOf(transaction, { ids, saved }) {
  // What is no text is damaged, and no id.
  if (Array.isArray(ids)) return ids.filter((id) => typeof id === "string");
  if (!saved) return [];
  const session = [saved.study, saved.rater, saved.session].map(String);
  // A list sorts after every number and text.
  const range = IDBKeyRange.bound(session, [...session, []]);
  const found = await done(transaction.objectStore("votes").index("by-session").getAllKeys(range));
  const noted = new Set((await done(transaction.objectStore("sessions").getAll())).flatMap((row) => row.ids ?? []));
  return found.filter((id) => !noted.has(id));
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
