import { letter } from "./letter.js";

/** Name of a medium's panel inside a sentence. */
export function nameOf({ option }) {
  return option < 0 ? "the reference" : `option ${letter(option)}`;
}
