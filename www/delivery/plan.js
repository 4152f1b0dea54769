// What to send where, and what an answer means: worked out by WebAssembly, which is loaded once.
import { fetchOwn } from "../own.js";
import init, { BackEnds } from "./engine.js";

let loading;

/**
 * The back ends of a study, each with its absolute URL, where it is read back from, and how delivery to it goes.
 *
 * @param {string} text of the study file
 * @param {string} src its URL
 * @returns {Promise<{line?: object, pull?: {url: string, everyMs: number}, atEnd: boolean}[]>}
 */
export async function backEnds(text, src) {
  loading ??= init({ module_or_path: fetchOwn(new URL("./engine_bg.wasm", import.meta.url)) });
  // A load that failed may succeed when it is tried again.
  loading.catch(() => (loading = undefined));
  await loading;
  const read = new BackEnds(text);
  const absolute = (url) => url && new URL(url, src).href;
  return JSON.parse(read.list()).map(({ url, pull, at_end: atEnd }, n) => ({
    // What the rater gets as a file is sent by nobody.
    line: atEnd ? undefined : plan(read.line(n, absolute(url))),
    pull: pull && { url: absolute(pull[0]), everyMs: pull[1] * 1000 },
    atEnd,
  }));
}

/** How delivery to one back end goes, with lists as lists. */
function plan(line) {
  return {
    key: line.key(),
    due: (entries) => line.due(JSON.stringify(entries), Date.now()),
    parcel: (ids, records) => JSON.parse(line.parcel(ids, JSON.stringify(records))),
    settle: (sent, { status, body, retryAfterMs }) =>
      JSON.parse(line.settle(JSON.stringify(sent), status, body, retryAfterMs, Date.now(), Math.random())),
    fail: (reason) => line.fail(reason, Date.now(), Math.random()),
    hurry: () => line.hurry(),
    tryNow: () => line.tryNow(),
    wake: (entries) => line.wake(JSON.stringify(entries)),
    trouble: () => line.trouble(),
    pull: (url, study, after) => JSON.parse(line.pull(url, study, after)),
    page: (study, { status, body, cursor }) => JSON.parse(line.page(study, status, body, cursor)),
    free: () => line.free(),
  };
}
