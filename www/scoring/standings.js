// The models by K-Sort's score, until it is known how sure the ranks are.
import { fixed, make } from "../dom.js";
import { wordsOf } from "../words.js";
import { cell, fill, head, interval, plotHead, scaleOf, tableOf } from "./plot.js";

/** Shows standings in `place` while they are wanted. */
export async function showStandings(place, rows, isCurrent) {
  const t = wordsOf(place);
  const scale = scaleOf(rows);
  const heads = [
    head(t("Rank"), "number"),
    head(t("Model")),
    head(t("Score"), "number"),
    head(t("Mean μ"), "number"),
    head(t("Deviation σ"), "number"),
    head(t("Votes"), "number"),
    plotHead(t("μ with 95% interval"), scale, 0),
  ];
  const [table, body] = tableOf(t("Leaderboard table"), heads);
  place.replaceChildren(table);
  const line = (row) => {
    const label = t("{0}, 95% interval {1} to {2}", fixed(row.mu, 1), fixed(row.lo, 1), fixed(row.hi, 1));
    return make(
      "tr",
      {},
      cell(row.rank),
      make("th", { scope: "row", dir: "auto", text: row.name }),
      cell(fixed(row.score, 2)),
      cell(fixed(row.mu, 2)),
      cell(fixed(row.sigma, 2)),
      cell(row.votes),
      make("td", { className: "plot" }, interval(scale, row, row.mu, label)),
    );
  };
  await fill(body, rows, line, isCurrent);
}
