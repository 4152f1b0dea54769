// Every kind of page.
import { rest } from "./break.js";
import { check } from "./check.js";
import { consent } from "./consent.js";
import { feedback } from "./feedback.js";
import { questions } from "./questions.js";
import { text } from "./text.js";
import { warning } from "./warning.js";

/** @type {Record<string, (step: object, means: import("../page.js").Means) => Promise<HTMLElement>>} */
export const PAGES = { break: rest, check, consent, feedback, questions, text, warning };
