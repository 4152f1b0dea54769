// Reads everybody's votes, or a leaderboard of them, back from a back end, as long as the element is there.
import { overNetwork } from "./carriers.js";

/** Most bytes of a page: twice the largest of `ksort serve`. */
const MOST_BYTES = 32 << 20;

/**
 * @param {object} plan see `plan.js`
 * @param {{url: string, everyMs: number}} pull
 * @param {string} study
 * @param {(page: {votes: string, standings?: object[]}) => void} take is handed each page
 * @param {AbortSignal} closed
 */
export async function pull(plan, { url, everyMs }, study, take, closed) {
  let cursor;
  let told = false;
  let toldRefused;
  const tellRefused = ([first, ...others]) => {
    // The same leaderboard comes again and again.
    if (first && first !== toldRefused) console.warn(`k-sort: ${1 + others.length} rows of ${url} are no standings: ${first}`);
    toldRefused = first;
  };
  while (!closed.aborted) {
    try {
      for (let more = true; more && !closed.aborted; ) {
        const reply = await overNetwork(plan.pull(url, study, cursor), { most: MOST_BYTES });
        if (closed.aborted) return;
        const page = plan.page(study, reply);
        // A cursor that stands still would be asked for forever.
        more = page.more && page.cursor !== cursor;
        cursor = page.cursor ?? cursor;
        tellRefused(page.refused);
        take(page);
      }
      told = false;
    } catch (error) {
      if (!told) console.warn(`k-sort: votes of others could not be read from ${url}: ${error.message}`);
      told = true;
    }
    await pause(everyMs, closed);
  }
}

function pause(ms, closed) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(alarm);
      closed.removeEventListener("abort", end);
      resolve();
    };
    const alarm = setTimeout(end, ms);
    closed.addEventListener("abort", end);
  });
}
