// The leaderboard with all that is known of how sure it is.
import { fixed, make } from "../dom.js";
import { heatMap } from "./heatmap.js";
import { percent } from "./percent.js";
import { cell, fill, head, interval, plotHead, scaleOf, tableOf } from "./plot.js";

/** Shows an answer in `place` while it is the one that is wanted. `standings` are K-Sort's, in the order of the models' numbers. */
export async function showRanks(place, { rows, better, device, draws, milliseconds, jitter }, standings, isCurrent) {
  const names = rows.map(({ model }) => standings[model].name);
  const scale = scaleOf(rows);
  const heads = [
    head("Rank", "number"),
    head("Model"),
    head("Log-worth", "number"),
    plotHead("with 95% interval", scale, 1),
    head("Better than next", "number"),
    head("K-Sort score", "number"),
    head("Votes", "number"),
  ];
  const [table, body] = tableOf(heads);
  const amount = `${draws.toLocaleString("en")} draws on ${device} in ${(milliseconds / 1000).toFixed(1)} s`;
  const added = jitter > 0 ? `; ${jitter.toExponential(0)} was added to each variance` : "";
  place.replaceChildren(
    make("p", { className: "muted", text: "In the order of log-worths after Plackett and Luce; ranks and log-worths with their 95% intervals." }),
    table,
    heatMap(names, better, place.getRootNode().host ?? place),
    make("p", { className: "muted ran", text: `${amount}${added}.` }),
  );
  await fill(body, rows, (row) => line(row, standings[row.model], scale), isCurrent);
}

function line(row, { name, score, votes }, scale) {
  const { mean, lo, hi, ranks: [first, last], next } = row;
  const plot = interval(scale, row, mean, `${fixed(mean, 2)}, 95% interval ${fixed(lo, 2)} to ${fixed(hi, 2)}`);
  return make(
    "tr",
    {},
    cell(first === last ? `${first}` : `${first}–${last}`),
    make("th", { scope: "row", dir: "auto", text: name }),
    cell(fixed(mean, 2)),
    make("td", { className: "plot" }, plot, make("span", { className: "ends", "aria-hidden": true, text: `${fixed(lo, 2)} to ${fixed(hi, 2)}` })),
    cell(next === null ? "" : percent(next)),
    cell(fixed(score, 2)),
    cell(votes),
  );
}
