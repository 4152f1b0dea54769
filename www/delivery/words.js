// What is said of delivery. `t` says a text in the rater's language, see `../words.js`.

const seconds = (until) => Math.max(Math.ceil((until - Date.now()) / 1000), 0);

/**
 * How delivery stands, in a few words.
 *
 * @param {(text: string, ...parts: unknown[]) => string} t
 * @param {import("./delivery.js").Status} status
 */
export function short(t, { waiting, aside, held, trouble, unknown }) {
  const waits = () => t("1 answer waiting|{0} answers waiting", waiting);
  if (waiting && aside.length) return t("{0}, {1}", waits(), t("1 not delivered|{0} not delivered", aside.length));
  if (waiting && trouble?.next) return t("{0}, {1}", waits(), t("next try in {0} s", String(seconds(trouble.next))));
  if (waiting) return t("Delivering 1 answer|Delivering {0} answers", waiting);
  if (aside.length) return t("1 answer not delivered|{0} answers not delivered", aside.length);
  if (unknown) return t("Not known whether all have arrived");
  return held ? t("1 answer for the file at the end|{0} answers for the file at the end", held) : t("All answers delivered");
}

/** What the rater should do once all trials are done. */
export function atEnd(t, { waiting, aside, held, files, lasting, unknown }) {
  if (aside.length) return t("Some were not accepted. Please download them and send them to the people who run the study.");
  if (waiting) {
    const then = lasting
      ? t("Please keep this page open, or download your answers. If you have to leave, come back to it later: they are kept in this browser.")
      : t("Please keep this page open, or download your answers. Do not close it before: they are only on this page.");
    return t("{0} {1}", t("One is still on the way.|{0} are still on the way.", waiting), then);
  }
  if (unknown) return t("This browser does not tell whether all have arrived. Please download them, and send them to the people who run the study.");
  if (held || files) return t("Your answers are in a file that this page gives you. Please pass it on to the people who run the study.");
  return t("All of them have arrived. You can close this page.");
}

/** Where answers are that did not arrive. */
export function kept(t, lasting) {
  return lasting ? t("Your answers are kept in this browser.") : t("Your answers are on this page only: do not close it yet.");
}

/** Why some have not arrived, each reason once. What a back end says is in its own words. */
export function reasons(t, { aside, trouble }) {
  const all = [...aside.map(([, reason]) => reason), ...(trouble ? [trouble.reason] : [])];
  return [...new Set(all)].map((reason) => t(reason));
}
