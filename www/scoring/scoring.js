// What computes away from the page: groups to be drawn, and how sure ranks are. Imported when it is first needed.
import { ask, join, leave } from "./queue.js";

/** Posterior draws, and the most multiplications that they may take. */
const DRAWS = 100_000;
const WORK = 1e10;

/** For one element. `scorer` tells what it wants to compute on. */
export function open(scorer) {
  const owner = {};
  join();
  return {
    /** The models of a group, in screen order. */
    draw: (task) => ask(owner, "draw", task),
    /** Shows in `place` how sure ranks are: nothing where it is asked anew meanwhile, no words where it is shown, else why not. */
    showRanks: (place, board) => showRanks(owner, place, JSON.parse(board), scorer()),
    /** The element is gone. */
    close: () => leave(owner),
  };
}

async function showRanks(owner, place, { criterion, models, standings, votes }, scorer) {
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
    const [{ show }, answer] = await Promise.all([import("./ranks.js"), ask(owner, "ranks", JSON.stringify(task))]);
    for (const note of answer.notes) console.warn(`k-sort: ${note}`);
    await show(place, answer, models.map((id) => standings.find((standing) => standing.model === id)));
    return "";
  } catch (error) {
    if (error.name === "AbortError") return undefined;
    place.replaceChildren();
    throw error;
  }
}

function choice(scorer) {
  return ["cpu", "gpu"].includes(scorer) ? scorer : "auto";
}
