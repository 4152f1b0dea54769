// Folders, studies and votes read and written, by a WebAssembly that is loaded once.
import { fetchOwn } from "../own.js";
import init, { Votes, has_votes, kind_of, read_folder, study_problems } from "./engine.js";

let loading;

/** Loads it; the functions below work from then on. */
export function load() {
  loading ??= init({ module_or_path: fetchOwn(new URL("./engine_bg.wasm", import.meta.url)) });
  // A load that failed may succeed when it is tried again.
  loading.catch(() => (loading = undefined));
  return loading;
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
  return JSON.parse(read_folder(paths, layout, name));
}

/** All that is wrong in the text of a study file. @returns {Problem[]} */
export function problemsOf(text) {
  return JSON.parse(study_problems(text));
}

/** A problem as a line. */
export function line({ place, found, expected }) {
  return `${place ? `${place}: ` : ""}found ${found}, expected ${expected}`;
}

/** The kind of medium that a URL's name tells, if any. */
export const kindOf = kind_of;

/** Whether a file of this name is read as votes. */
export const hasVotes = has_votes;

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
  const votes = new Votes(study);
  return {
    /** Takes in a file. @returns {{added: number, repeated: number, elsewhere: number, problems: string[]}} */
    add: (name, bytes) => JSON.parse(votes.add(name, bytes)),
    /** The leaderboards, and how many votes, rankings and raters they are made from. */
    told: () => JSON.parse(votes.told()),
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
    free: () => votes.free(),
  };
}
