// The page of the leaderboard: a criterion, its standings, and in their place how sure the ranks are once that is known.
import { addStyles, make } from "../dom.js";
import { wordsOf } from "../words.js";
import { showRanks } from "./ranks.js";
import { showStandings } from "./standings.js";

/** What each place on a page shows: the criterion, and how often it was asked for. */
const pages = new WeakMap();

/**
 * Shows leaderboards in `place`, and again with each call.
 *
 * @param {HTMLElement} place
 * @param {{criterion: string, models: string[], standings: object[], votes: object[], others?: number | null, source?: string}[]} boards one a
 *   criterion; `models` are ids in the order of their numbers in `votes`; `source` says what it is made from, else it follows from `others`
 * @param {(board: object) => Promise<object>} ask works out how sure the ranks are
 */
export async function showLeaderboard(place, boards, ask) {
  const page = pages.get(place) ?? newPage(place);
  await addStyles(place, new URL("./leaderboard.css", import.meta.url));
  page.tabs.hidden = boards.length < 2;
  page.tabs.replaceChildren(
    ...boards.map(({ criterion }) => {
      const tab = make("button", { type: "button", className: "quiet", text: criterion });
      tab.addEventListener("click", () => showBoard(page, boards, criterion, ask));
      return tab;
    }),
  );
  await showBoard(page, boards, page.criterion ?? boards[0].criterion, ask);
}

/** What a leaderboard is made from: `others` votes that are not this session's, or a leaderboard made elsewhere. */
function source(t, others) {
  if (others === null) return t("From everybody's answers, as counted elsewhere.");
  if (others === 0) return t("From this session's answers.");
  return t("From this session's answers and one of others.|From this session's answers and {0} of others.", others);
}

function newPage(place) {
  const page = {
    tabs: make("div", { className: "row" }),
    board: make("div", { className: "ranks" }),
    source: make("p", { className: "muted" }),
    told: make("p", { className: "muted", role: "status" }),
    turn: 0,
  };
  place.replaceChildren(page.source, page.tabs, page.board, page.told);
  pages.set(place, page);
  return page;
}

async function showBoard(page, boards, criterion, ask) {
  const t = wordsOf(page.board);
  const turn = ++page.turn;
  const isCurrent = () => page.turn === turn;
  const same = page.criterion === criterion && page.sure;
  page.criterion = criterion;
  for (const [n, tab] of [...page.tabs.children].entries()) tab.setAttribute("aria-pressed", String(boards[n].criterion === criterion));
  const { models, standings, votes, others, source: told } = boards.find((board) => board.criterion === criterion);
  page.source.textContent = told ?? source(t, others);
  const none = votes.length === 0 ? t("No ranking has been given yet.") : models.length < 2 ? t("There is one model only.") : "";
  page.told.textContent = none || (same ? "" : t("Computing how sure the ranks are"));
  // What is known of fewer votes stands until more is known.
  if (none || !same) await showStandings(page.board, standings, isCurrent);
  page.sure = false;
  if (none || !isCurrent()) return;
  try {
    const answer = await ask({ models: models.length, votes });
    if (!isCurrent()) return;
    await showRanks(page.board, answer, models.map((id) => standings.find((standing) => standing.model === id)), isCurrent);
    if (!isCurrent()) return;
    page.told.textContent = "";
    page.sure = true;
  } catch (error) {
    if (error.name === "AbortError" || !isCurrent()) return;
    page.told.textContent = t("How sure the ranks are could not be computed: {0}", error.message);
    await showStandings(page.board, standings, isCurrent);
  }
}
