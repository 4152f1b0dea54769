/** Name of a medium's panel inside a sentence. */
export function nameOf({ option, label }) {
  return option < 0 ? "the reference" : label;
}
