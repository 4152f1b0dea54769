// The tables of the leaderboard, and intervals drawn in them.
import { fixed, make } from "../dom.js";

/** Rows that are made at once; a page should not stall for the others. */
const SLICE = 20;

/** A place on a plot for a value, from 0 to 100, and the two ends of the rows' intervals. */
export function scaleOf(rows) {
  const low = Math.min(...rows.map((row) => row.lo));
  const high = Math.max(...rows.map((row) => row.hi));
  return { low, high, at: (value) => (high > low ? ((value - low) / (high - low)) * 100 : 50) };
}

/** An interval with a dot in it; `label` says both. */
export function interval({ at }, { lo, hi }, middle, label) {
  const bar = make("span", { className: "bar" });
  bar.style.left = `${at(lo)}%`;
  bar.style.width = `${at(hi) - at(lo)}%`;
  const dot = make("span", { className: "dot" });
  dot.style.left = `${at(middle)}%`;
  return make("div", { className: "interval", role: "img", "aria-label": label }, bar, dot);
}

/** The head of the column of {@link interval}s. */
export function plotHead(text, { low, high }, decimals) {
  const ends = [low, high].map((end) => make("span", { text: fixed(end, decimals) }));
  const axis = make("span", { className: "axis", "aria-hidden": true }, ...ends);
  return make("th", { scope: "col", className: "plot" }, make("span", { text }), axis);
}

/** A table of the leaderboard in what it scrolls in, which `label` names, and its body. */
export function tableOf(label, heads) {
  const body = make("tbody");
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
  return [make("div", { className: "scroll", tabindex: 0, role: "region", "aria-label": label }, table), body];
}

/** The head of a column. */
export function head(text, className) {
  return make("th", { scope: "col", className, text });
}

/** A number of a row, whose sign stands before it in every script. */
export function cell(text) {
  return make("td", { className: "number" }, make("bdi", { dir: "ltr", text }));
}

/** Fills a table's body a few rows at a time, as long as `isWanted`. */
export async function fill(body, rows, line, isWanted) {
  for (let first = 0; first < rows.length && isWanted() && (first === 0 || body.isConnected); first += SLICE) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve));
    body.append(...rows.slice(first, first + SLICE).map(line));
  }
}
