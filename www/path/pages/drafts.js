// What was answered on a page before it was handed in: kept over a reload, where the browser lets it be kept.

/**
 * The draft of one page.
 *
 * @typedef {object} Draft
 * @property {() => Record<string, unknown>} read
 * @property {(answers: object) => void} write
 * @property {() => void} drop
 */

/** @param {string[]} page what names it: study, rater, session and page @returns {Draft} */
export function draftOf(page) {
  const key = `k-sort draft ${JSON.stringify(page)}`;
  return {
    read: () => quietly(() => JSON.parse(sessionStorage.getItem(key))) ?? {},
    write: (answers) => quietly(() => sessionStorage.setItem(key, JSON.stringify(answers))),
    drop: () => quietly(() => sessionStorage.removeItem(key)),
  };
}

/** Where nothing may be stored. @type {Draft} */
export const NO_DRAFT = { read: () => ({}), write() {}, drop() {} };

/** A frame may have no storage. Then a reload begins the page anew, which is no harm. */
function quietly(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
