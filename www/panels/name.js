// What panels are called on screen and in sentences.

/** The letter of an option on screen, counted from 0. */
export const letter = (option) => String.fromCharCode(65 + option);

/** Name of a medium's panel inside a sentence; `t` says it in the rater's language. */
export const nameOf = (t, { option }) => (option < 0 ? t("the reference") : t("option {0}", letter(option)));
