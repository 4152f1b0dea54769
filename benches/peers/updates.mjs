// Times K-Sort in wasm, openskill and ts-trueskill on the same votes, in one engine.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { rate, rating } from "openskill";
import { Rating, TrueSkill } from "ts-trueskill";

const REPEATS = 7;
const MODELS = 50;
const [directory] = process.argv.slice(2);
const path = (name) => `${directory}/${name}`;

const wasm = await import(pathToFileURL(path("k_sort_peers.js")));
wasm.initSync({ module: readFileSync(path("k_sort_peers_bg.wasm")) });

const median = (seconds) => seconds.sort((one, two) => one - two)[REPEATS >> 1];

/** The seconds that a run takes. */
function seconds(run) {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

/** Prints the median of the seconds that a run takes. */
function timed(name, run) {
  run();
  console.log(`${name}\t${median(Array.from({ length: REPEATS }, () => seconds(run)))}`);
}

/** Prints the medians of the seconds a vote of K-Sort and a peer, which take turns. */
function beside(name, ours, peer, count) {
  ours();
  peer();
  const both = Array.from({ length: REPEATS }, () => [seconds(ours) / (votes.length / 4), seconds(peer) / count]);
  console.log(`update ${name} ours\t${median(both.map(([own]) => own))}`);
  console.log(`update ${name}\t${median(both.map(([, other]) => other))}`);
}

const votes = wasm.votes(MODELS, 4, 20_000);

/** Rates the votes one by one: `update` gives the new ratings of a group, best first. */
function online(prior, update, count) {
  const ratings = Array.from({ length: MODELS }, prior);
  for (let at = 0; at < 4 * count; at += 4) {
    const vote = votes.subarray(at, at + 4);
    update(Array.from(vote, (model) => ratings[model])).forEach((after, place) => {
      ratings[vote[place]] = after;
    });
  }
}

const inWasm = () => wasm.online(MODELS, 4, votes);
const openskill = (group) => rate(group.map((one) => [one])).flat();
beside("openskill", inWasm, () => online(rating, openskill, 5_000), 5_000);
const trueskill = new TrueSkill();
const byTrueskill = (group) => trueskill.rate(group.map((one) => [one])).flat();
beside("ts-trueskill", inWasm, () => online(() => new Rating(), byTrueskill, 500), 500);

// The same where the votes and ratings are JavaScript's and each update is a call.
const flat = new Float64Array(8);
const fromScript = (group) => {
  group.forEach(([mu, sigma], place) => flat.set([mu, sigma], 2 * place));
  const after = wasm.update_one(flat);
  return group.map((_, place) => [after[2 * place], after[2 * place + 1]]);
};
beside("call", () => online(() => [25, 25 / 3], fromScript, 20_000), () => online(rating, openskill, 5_000), 5_000);

for (const models of [10, 50, 200]) {
  const fours = wasm.votes(models, 4, 20 * models);
  timed(`fit ${models} wasm`, () => wasm.fit(models, 4, fours));
  const past = new wasm.Past(models);
  let seed = 0;
  timed(`pick ${models} wasm`, () => past.next_four((seed += 1)));
}
