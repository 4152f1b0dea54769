// The leaderboard with all that is known of how sure it is.
import { addStyles, fixed, make } from "../dom.js";
import { percent } from "./percent.js";
import { heatMap } from "./heatmap.js";

/** Rows that are made at once; a page should not stall for the others. */
const SLICE = 20;

/** Shows an answer in `place` while it is the one that is wanted. `standings` are K-Sort's, in the order of the models' numbers. */
export async function show(place, { rows, better, device, draws, milliseconds, jitter }, standings, isCurrent) {
  await addStyles(place, new URL("ranks.css", import.meta.url));
  if (!isCurrent()) return;
  const names = rows.map(({ model }) => standings[model].name);
  const [table, body] = tableOf(rows);
  const scroll = make("div", { className: "scroll", tabindex: 0, role: "region", "aria-label": "Leaderboard table" }, table);
  const amount = `${draws.toLocaleString("en")} draws on ${device} in ${(milliseconds / 1000).toFixed(1)} s`;
  const added = jitter > 0 ? `; ${jitter.toExponential(0)} was added to each variance` : "";
  place.replaceChildren(
    make("p", { className: "muted", text: "In the order of log-worths after Plackett and Luce; ranks and log-worths with their 95% intervals." }),
    scroll,
    heatMap(names, better, place.getRootNode().host ?? place),
    make("p", { className: "muted ran", text: `${amount}${added}.` }),
  );
  const scale = scaleOf(rows);
  for (let first = 0; first < rows.length && isCurrent() && body.isConnected; first += SLICE) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve));
    body.append(...rows.slice(first, first + SLICE).map((row) => line(row, standings[row.model], scale)));
  }
}

/** A place on the plot for a log-worth, from 0 to 100, and the two ends. */
function scaleOf(rows) {
  const low = Math.min(...rows.map((row) => row.lo));
  const high = Math.max(...rows.map((row) => row.hi));
  return { low, high, at: (worth) => (high > low ? ((worth - low) / (high - low)) * 100 : 50) };
}

function tableOf(rows) {
  const { low, high } = scaleOf(rows);
  const head = (text, className) => make("th", { scope: "col", className, text });
  const ends = [low, high].map((end) => make("span", { text: fixed(end, 1) }));
  const plot = head(undefined, "plot");
  plot.append(make("span", { text: "with 95% interval" }), make("span", { className: "axis", "aria-hidden": true }, ...ends));
  const heads = [
    head("Rank", "number"),
    head("Model"),
    head("Log-worth", "number"),
    plot,
    head("Better than next", "number"),
    head("K-Sort score", "number"),
    head("Votes", "number"),
  ];
  const body = make("tbody");
  return [make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body), body];
}

function line({ mean, lo, hi, ranks: [first, last], next }, { name, score, votes }, { at }) {
  const cell = (text) => make("td", { className: "number", text });
  const interval = `${fixed(mean, 2)}, 95% interval ${fixed(lo, 2)} to ${fixed(hi, 2)}`;
  const bar = make("span", { className: "bar" });
  bar.style.left = `${at(lo)}%`;
  bar.style.width = `${at(hi) - at(lo)}%`;
  const dot = make("span", { className: "dot" });
  dot.style.left = `${at(mean)}%`;
  const plot = make("div", { className: "interval", role: "img", "aria-label": interval }, bar, dot);
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
