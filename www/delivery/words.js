// What is said of delivery.

const answers = (n) => (n === 1 ? "1 answer" : `${n} answers`);
const seconds = (until) => Math.max(Math.ceil((until - Date.now()) / 1000), 0);

/**
 * How delivery stands, in a few words.
 *
 * @param {import("./delivery.js").Status} status
 */
export function short({ waiting, aside, held, trouble, unknown }) {
  if (waiting && aside.length) return `${answers(waiting)} waiting, ${aside.length} not delivered`;
  if (waiting && trouble?.next) return `${answers(waiting)} waiting, next try in ${seconds(trouble.next)} s`;
  if (waiting) return `Delivering ${answers(waiting)}`;
  if (aside.length) return `${answers(aside.length)} not delivered`;
  if (unknown) return "Not known whether all have arrived";
  return held ? `${answers(held)} for the file at the end` : "All answers delivered";
}

/** What the rater should do once all trials are done. */
export function atEnd({ waiting, aside, held, files, lasting, unknown }) {
  if (aside.length) return "Some were not accepted. Please download them and send them to the people who run the study.";
  if (waiting) {
    const then = lasting ? "If you have to leave, come back to it later: they are kept in this browser." : "Do not close it before: they are only on this page.";
    return `${waiting === 1 ? "One is" : `${waiting} are`} still on the way. Please keep this page open, or download your answers. ${then}`;
  }
  if (unknown) return "This browser does not tell whether all have arrived. Please download them, and send them to the people who run the study.";
  if (held || files) return "Your answers are in a file that this page gives you. Please pass it on to the people who run the study.";
  return "All of them have arrived. You can close this page.";
}

/** Where answers are that did not arrive. */
export function kept(lasting) {
  return lasting ? "Your answers are kept in this browser." : "Your answers are on this page only: do not close it yet.";
}

/** Why some have not arrived, each reason once. */
export function reasons({ aside, trouble }) {
  return [...new Set([...aside.map(([, reason]) => reason), ...(trouble ? [trouble.reason] : [])])];
}
