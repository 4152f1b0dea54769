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
    /** Shows in `place` how sure ranks are: nothing where it is asked anew meanwhile, no words where it is shown, else why not. */
    showRanks: async (place, board) => showRanks(open(), place, JSON.parse(board), scorer()),
    /** The element is gone. */
    close() {
      closed = true;
      leave(owner);
    },
  };
}

/** How often each place was asked for: an answer that came late is not shown. */
const turns = new WeakMap();
/** Whether a job took too long that may have been on a GPU. */
let avoidGpu = false;

async function showRanks(owner, place, { criterion, models, standings, votes }, scorer) {
  const turn = (turns.get(place) ?? 0) + 1;
  turns.set(place, turn);
  const isCurrent = () => turns.get(place) === turn;
  if (place.dataset.criterion !== criterion) place.replaceChildren();
  place.dataset.criterion = criterion;
  const none = votes.length === 0 ? "No ranking has been given yet." : models.length < 2 ? "There is one model only." : "";
  if (none) {
    place.replaceChildren();
    return none;
  }
  const draws = Math.max(1, Math.min(DRAWS, Math.floor(WORK / models.length ** 2)));
  const task = { models: models.length, votes, draws, scorer: choice(scorer) };
  try {
    const [{ show }, answer] = await Promise.all([import("./ranks.js"), askRanks(owner, task)]);
    for (const note of answer.notes) console.warn(`k-sort: ${note}`);
    await show(place, answer, models.map((id) => standings.find((standing) => standing.model === id)), isCurrent);
    return isCurrent() ? "" : undefined;
  } catch (error) {
    if (error.name === "AbortError" || !isCurrent()) return undefined;
    place.replaceChildren();
    throw error;
  }
}

/** A GPU that gives no answer in time leaves the job to the processor. */
async function askRanks(owner, task) {
  try {
    return await ask(owner, "ranks", JSON.stringify(task));
  } catch (error) {
    if (error.name !== "TimeoutError" || task.scorer === "cpu") throw error;
    avoidGpu = true;
    console.warn(`k-sort: ${error.message}; the CPU does the job`);
    return ask(owner, "ranks", JSON.stringify({ ...task, scorer: "cpu" }));
  }
}

function choice(scorer) {
  if (avoidGpu) return "cpu";
  return ["cpu", "gpu"].includes(scorer) ? scorer : "auto";
}
