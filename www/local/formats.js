// Folders, studies and votes read and written, by a part of the widget's WebAssembly.
import { loadLocal } from "../pkg/k-sort.js";
import { loadWidget } from "../widget.js";

let engine;

/** Loads the part; the functions below work from then on. */
export async function load() {
  await loadWidget();
  engine ??= await loadLocal();
}

/** @typedef {{place: string, found: string, expected: string}} Problem */

/**
 * Files of a folder as a study.
 *
 * @param {string[]} paths
 * @param {string} name of the folder
 * @param {string} [layout] `MODEL/ITEM.ext` or `ITEM/MODEL.ext`; guessed where absent
 * @returns {{study?: string, layout?: string, ambiguous: boolean, left_out: string[], problems: Problem[]}} without `study` where the
 *   files make none
 */
export function folderAsStudy(paths, name, layout) {
  return JSON.parse(engine.readFolder(paths, layout, name));
}

/** All that is wrong in the text of a study file. @returns {Problem[]} */
export function problemsOf(text) {
  return JSON.parse(engine.studyProblems(text));
}

/** A problem as a line. */
export function line({ place, found, expected }) {
  return `${place ? `${place}: ` : ""}found ${found}, expected ${expected}`;
}

/** The kind of medium that a URL's name tells, if any. */
export const kindOf = (url) => engine.kindOf(url);

/** Whether a file of this name is read as votes. */
export const hasVotes = (name) => engine.hasVotes(name);

/**
 * A file to write.
 *
 * @typedef {{text: string, extension: string, left_out: [reason: string, votes: number][]}} Written
 */

/**
 * Votes of several raters and files as one set.
 *
 * @param {string} [study] text of the study file that they answer
 */
export function collectVotes(study) {
  const votes = engine.collectVotes(study);
  return {
    /** Takes in a file. @returns {{added: number, repeated: number, elsewhere: number, problems: string[]}} */
    add: (name, bytes) => JSON.parse(votes.add(name, bytes)),
    /** The leaderboards, and how many votes, rankings and raters they are made from. */
    told: () => JSON.parse(votes.summary()),
    /** @returns {Written} */
    jsonl: () => ({ text: votes.jsonl(), extension: "jsonl", left_out: [] }),
    /** @returns {Written} */
    csv: () => JSON.parse(votes.csv()),
    /** @returns {Written} */
    preflib: (criterion) => JSON.parse(votes.preflib(criterion, new Date().toISOString().slice(0, 10))),
    /** `texts`: URL in the study to the text that lies there. @returns {Written} */
    pairs: (texts) => JSON.parse(votes.pairs([...texts.keys()], [...texts.values()])),
    /** @returns {Written} */
    leaderboard: (extension) => ({ text: votes.leaderboard(extension), extension, left_out: [] }),
  };
}
