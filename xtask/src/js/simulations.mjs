// Runs simulated studies and writes their tables into docs/ranking.md, between its two marks.
// Arguments: the program `ksort`, the document.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [ksort, document] = process.argv.slice(1);

/** The outcome of one policy. */
function simulate(policy, { models = 50, k = 4, noise = "none", votes, seeds = 20 }) {
  const options = { policy, models, k, noise, votes, seeds, format: "json" };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  console.error(`ksort simulate ${args.join(" ")}`);
  return JSON.parse(execFileSync(ksort, ["simulate", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }))[0];
}

function table(header, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function sustained({ sustained: { median, min, max, reached }, seeds, votes }) {
  if (median === null) return `more than ${votes} (${reached} of ${seeds})`;
  return max === null ? `${median} (${reached} of ${seeds})` : `${median} (${min} to ${max})`;
}

const names = { "information-gain": "information gain", random: "random", "k-sort": "K-Sort Arena", elo: "Elo, pairs" };

// A run long enough for each policy to come to its end, if it does within minutes.
const sizes = [
  { models: 10, k: 3, votes: { "information-gain": 100, random: 600, "k-sort": 1000, elo: 4000 } },
  { models: 20, k: 4, votes: { "information-gain": 100, random: 800, "k-sort": 1500, elo: 10000 } },
  { models: 50, k: 4, votes: { "information-gain": 150, random: 1500, "k-sort": 4000, elo: 30000 } },
];
const right = sizes.map(({ models, k, votes }) => [
  `${models}, ${k}`,
  ...Object.keys(names).map((policy) => sustained(simulate(policy, { models, k, votes: votes[policy] }))),
]);

function course(noise, votes, marks, show) {
  const outcomes = Object.keys(names).map((policy) => simulate(policy, { noise, votes }));
  const at = (outcome, mark) => outcome.checkpoints.find((checkpoint) => checkpoint.votes === mark);
  return marks.map((mark) => [String(mark), ...outcomes.map((outcome) => show(at(outcome, mark)))]);
}
const marks = [25, 50, 100, 200, 400];
const flips = course("flip:0.05", 400, marks, ({ squared_rank_error: error }) => `${error.median.toFixed(2)} (${error.mean.toFixed(2)})`);
const noisy = course("pl:1.5", 400, marks, ({ kendall_tau: tau }) => `${tau.mean.toFixed(3)} ± ${tau.se.toFixed(3)}`);

const header = (first) => [first, ...Object.values(names)];
const text = `Raters who do not err: votes after which every rank is right and stays so to the end of the run, median of 20 studies (range).

${table(header("models, K"), right)}

50 models, K = 4, neighbours of a ranking swapped with probability 5%: mean squared error of a rank, median of 20 studies (mean).

${table(header("votes"), flips)}

50 models, K = 4, raters after Plackett and Luce, log-worths from N(0, 1.5²): Kendall's tau, mean of 20 studies ± standard error.

${table(header("votes"), noisy)}`;

const [begin, end] = ["<!-- simulations -->", "<!-- end of simulations -->"];
const old = readFileSync(document, "utf8");
const [from, to] = [old.indexOf(begin), old.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${document} lacks the marks ${begin} and ${end}`);
writeFileSync(document, `${old.slice(0, from + begin.length)}\n\n${text}\n\n${old.slice(to)}`);
