// The leaderboard with all that is known of how sure it is.
import { fixed, make } from "../dom.js";
import { wordsOf } from "../words.js";
import { heatMap } from "./heatmap.js";
import { percent } from "./percent.js";
import { cell, fill, head, interval, plotHead, scaleOf, tableOf } from "./plot.js";

/** Shows an answer in `place` while it is the one that is wanted. `standings` are K-Sort's, in the order of the models' numbers. */
export async function showRanks(place, { rows, better, device, draws, milliseconds, jitter }, standings, isCurrent) {
  const t = wordsOf(place);
  const names = rows.map(({ model }) => standings[model].name);
  const scale = scaleOf(rows);
  const heads = [
    head(t("Rank"), "number"),
    head(t("Model")),
    head(t("Log-worth"), "number"),
    plotHead(t("with 95% interval"), scale, 1),
    head(t("Better than next"), "number"),
    head(t("K-Sort score"), "number"),
    head(t("Votes"), "number"),
  ];
  const [table, body] = tableOf(t("Leaderboard table"), heads);
  const order = t("In the order of log-worths after Plackett and Luce; ranks and log-worths with their 95% intervals.");
  const amount = t("{0} draws on {1} in {2} s.", draws, device, (milliseconds / 1000).toFixed(1));
  const ran = jitter > 0 ? t("{0} {1}", amount, t("{0} was added to each variance.", jitter.toExponential(0))) : amount;
  place.replaceChildren(
    make("p", { className: "muted", text: order }),
    table,
    heatMap(names, better, place.getRootNode().host ?? place, t),
    make("p", { className: "muted ran", text: ran }),
  );
  await fill(body, rows, (row) => line(row, standings[row.model], scale, t), isCurrent);
}

function line(row, { name, score, votes }, scale, t) {
  const { mean, lo, hi, ranks: [first, last], next } = row;
  const plot = interval(scale, row, mean, t("{0}, 95% interval {1} to {2}", fixed(mean, 2), fixed(lo, 2), fixed(hi, 2)));
  return make(
    "tr",
    {},
    cell(first === last ? `${first}` : `${first}–${last}`),
    make("th", { scope: "row", dir: "auto", text: name }),
    cell(fixed(mean, 2)),
    make("td", { className: "plot" }, plot, make("span", { className: "ends", "aria-hidden": true, text: t("{0} to {1}", fixed(lo, 2), fixed(hi, 2)) })),
    cell(next === null ? "" : percent(next)),
    cell(fixed(score, 2)),
    cell(votes),
  );
}
