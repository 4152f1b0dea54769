// What computes away from the page: groups to be drawn, and how sure ranks are. Imported when it is first needed.
import { ask, join, leave } from "./queue.js";

/** Posterior draws, and the most multiplications that they may take. */
const DRAWS = 100_000;
const WORK = 1e10;

/** For one element. `scorer` tells what it wants to compute on. */
export function open(scorer) {
  const owner = {};
  let closed = false;
  join();
  const open = () => {
    if (closed) throw new DOMException("the element is gone", "AbortError");
    return owner;
  };
  return {
    /** The models of a group, in screen order. */
    draw: async (task) => ask(open(), "draw", task),
    /** Shows leaderboards in `place`: what it is told is a JSON text, see `showLeaderboard`. */
    async showLeaderboard(place, boards) {
      const { showLeaderboard } = await import("./leaderboard.js");
      await showLeaderboard(place, JSON.parse(boards), (board) => askRanks(open(), board, scorer()));
    },
    /** The element is gone. */
    close() {
      closed = true;
      leave(owner);
    },
  };
}

/** Whether a job took too long that may have been on a GPU. */
let avoidGpu = false;

/** A GPU that gives no answer in time leaves the job to the processor. */
async function askRanks(owner, { models, votes }, scorer) {
  const draws = Math.max(1, Math.min(DRAWS, Math.floor(WORK / models ** 2)));
  const task = { models, votes, draws, scorer: choice(scorer) };
  const answer = await ask(owner, "ranks", JSON.stringify(task)).catch((error) => {
    if (error.name !== "TimeoutError" || task.scorer === "cpu") throw error;
    avoidGpu = true;
    console.warn(`k-sort: ${error.message}; the CPU does the job`);
    return ask(owner, "ranks", JSON.stringify({ ...task, scorer: "cpu" }));
  });
  for (const note of answer.notes) console.warn(`k-sort: ${note}`);
  return answer;
}

function choice(scorer) {
  if (avoidGpu) return "cpu";
  return ["cpu", "gpu"].includes(scorer) ? scorer : "auto";
}
