// The models by K-Sort's score, until it is known how sure the ranks are.
import { fixed, make } from "../dom.js";
import { cell, fill, head, interval, plotHead, scaleOf, tableOf } from "./plot.js";

/** Shows standings in `place` while they are wanted. */
export async function showStandings(place, rows, isCurrent) {
  const scale = scaleOf(rows);
  const heads = [
    head("Rank", "number"),
    head("Model"),
    head("Score", "number"),
    head("Mean μ", "number"),
    head("Deviation σ", "number"),
    head("Votes", "number"),
    plotHead("μ with 95% interval", scale, 0),
  ];
  const [table, body] = tableOf(heads);
  place.replaceChildren(table);
  const line = (row) => {
    const label = `${fixed(row.mu, 1)}, 95% interval ${fixed(row.lo, 1)} to ${fixed(row.hi, 1)}`;
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
