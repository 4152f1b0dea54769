import { join } from "node:path";

import { studyFile } from "../../www/jspsych/study.js";
import { root } from "./support/paths.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const JSPSYCH = join(root, "node_modules/jspsych/");

/** A lab's page with this timeline. */
function lab(timeline, { run = "jsPsych.run(timeline)", widget = `<script type="module" src="k-sort.js"></script>` } = {}) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lab</title><link rel="icon" href="data:,">
    <link rel="stylesheet" href="jspsych/css/jspsych.css"><script src="jspsych/dist/index.browser.js"></script>${widget}</head><body></body>
    <script type="module">
      import KSortPlugin from "./plugin/index.js";
      window.jsPsych = initJsPsych();
      window.KSortPlugin = KSortPlugin;
      const timeline = ${timeline};
      window.ended = ${run};
      window.ended.catch(() => {});
    </script></html>`;
}

/** A site with the study and this timeline. */
async function site({ folder, host, keys = {} }, timeline, how) {
  const study = await makeStudy(join(folder, "study"), { trials: 2, sync: [], ...keys });
  const html = lab(typeof timeline === "function" ? timeline(study.file) : timeline, how);
  const { url, asked } = await host({ "/": html, "/study/": study.folder, "/jspsych/": JSPSYCH, "/plugin/": join(root, "www/jspsych/") });
  return { url, asked, study };
}

const data = (page) => page.evaluate(() => window.ended.then(() => window.jsPsych.data.get().values()));

/** Ranks every group until the element is gone. */
async function rate(widget, trials) {
  for (let trial = 1; trial <= trials; trial++) {
    await widget.at(trial);
    await widget.rankTruly();
  }
}

test("a study is a trial of a timeline, which gets the votes once they are delivered", async ({ page, folder, host, serve, widget }) => {
  const server = await serve((await makeStudy(join(folder, "study"))).folder);
  const keys = { sync: [{ type: "http", url: `${server.url}api/votes` }] };
  const timeline = `[{ type: KSortPlugin, study: "study/study.json", rater: "ada", data: { block: 1 }, on_load: () => (window.loads = 1) }]`;
  const { url, study } = await site({ folder, host, keys }, timeline);
  await page.goto(url);
  await rate(widget, 2);
  const [trial, ...others] = await data(page);
  expect(others).toEqual([]);
  expect(trial).toMatchObject({ trial_type: "k-sort", block: 1, delivery_error: null });
  expect(await server.votes(study.id)).toEqual(trial.votes);
  expect(trial.votes.map((vote) => [vote.rater, vote.seq])).toEqual([["ada", 0], ["ada", 1]]);
  expect(trial.leaderboard.map((row) => row.model).sort()).toEqual([...study.models].sort());
  expect(trial.rt).toBeGreaterThan(trial.votes[1].duration_ms);
  expect(await page.evaluate(() => window.loads)).toBe(1);
  await expect(widget.element).toHaveCount(0);
  expect(JSON.parse(await page.evaluate(() => jsPsych.data.get().json()))[0].votes).toEqual(trial.votes);
  expect(await page.evaluate(() => jsPsych.data.get().csv())).toContain(trial.votes[0].id);
});

test("one group at a time, each a trial of its own, from studies in the page", async ({ page, folder, host, widget }) => {
  const timeline = (file) => {
    const items = file.items.map((item) => ({
      ...item,
      outputs: Object.fromEntries(Object.entries(item.outputs).map(([model, src], n) => [model, n % 2 ? { src: `study/${src}` } : `study/${src}`])),
    }));
    return `[0, 1].map((n) => ({ type: KSortPlugin, study: { ...${JSON.stringify({ ...file, trials: 1 })}, items: [${JSON.stringify(items)}[n]] } }))`;
  };
  const { url } = await site({ folder, host }, timeline);
  await page.goto(url);
  await rate(widget, 1);
  await expect(widget.prompt).toHaveText("Two foxes under a red umbrella");
  await rate(widget, 1);
  const trials = await data(page);
  expect(trials.map(({ votes }) => votes.map((vote) => vote.item))).toEqual([["item-0"], ["item-1"]]);
  expect(trials[0].votes[0].session).not.toBe(trials[1].votes[0].session);
  expect(trials[0].votes[0].rater).toBe(trials[1].votes[0].rater);
});

test("every URL of a study that is an object resolves against the page", async () => {
  const outputs = { a: "a.png", b: { src: "b.png", poster: "p.png" } };
  const study = {
    items: [{ id: "one", reference: "r.png", outputs }],
    practice: [{ outputs }],
    attention: { checks: [{ type: "known", outputs }] },
    sync: [{ type: "http", url: "votes", pull: { url: "all" } }],
    endings: { done: { type: "redirect", url: "done/{rater}?of={study}" }, no_consent: { type: "code", code: "no.png" } },
  };
  const at = (path) => `https://lab.example/exp/${path}`;
  const there = { a: at("a.png"), b: { src: at("b.png"), poster: at("p.png") } };
  expect(JSON.parse(await studyFile(study, at("page.html")).text())).toEqual({
    items: [{ id: "one", reference: at("r.png"), outputs: there }],
    practice: [{ outputs: there }],
    attention: { checks: [{ type: "known", outputs: there }] },
    sync: [{ type: "http", url: at("votes"), pull: { url: at("all") } }],
    endings: { done: { type: "redirect", url: at("done/{rater}?of={study}") }, no_consent: { type: "code", code: "no.png" } },
  });
});

test("a session that is named resumes, and a complete one is over at once", async ({ page, folder, host, widget }) => {
  const { url } = await site({ folder, host }, `[{ type: KSortPlugin, study: "study/study.json", rater: "ada", session: "s" }]`);
  await page.goto(url);
  await rate(widget, 1);
  await widget.at(2);
  await page.reload();
  await widget.at(2);
  await widget.rankTruly();
  const [first] = await data(page);
  expect(first.votes).toHaveLength(2);
  await page.reload();
  expect((await data(page))[0]).toMatchObject({ votes: first.votes, rt: null });
});

test.describe("a back end that refuses", () => {
  test.use({ expectedErrors: /403/ });

  test("leaves its votes in the data, with the reason", async ({ page, folder, host, widget }) => {
    const keys = { trials: 1, sync: [{ type: "http", url: "../votes" }] };
    const { url } = await site({ folder, host, keys }, `[{ type: KSortPlugin, study: "study/study.json" }]`);
    await page.route("**/votes", (route) => route.fulfill({ status: 403, body: "closed" }));
    await page.goto(url);
    await rate(widget, 1);
    const [trial] = await data(page);
    expect(trial.votes).toHaveLength(1);
    expect(trial.delivery_error).toContain("status 403: closed");
  });
});

test("in simulation there is data without the study being shown", async ({ page, folder, host, widget }) => {
  const timeline = `[{ type: KSortPlugin, study: "study/study.json", simulation_options: { data: { rt: 1234 } } }]`;
  for (const mode of ["data-only", "visual"]) {
    const { url, asked } = await site({ folder, host }, timeline, { run: `jsPsych.simulate(timeline, "${mode}")` });
    await page.goto(url);
    expect(await data(page)).toMatchObject([{ trial_type: "k-sort", votes: [], leaderboard: [], rt: 1234 }]);
    expect(asked).not.toContain("GET /study/study.json");
    await expect(widget.element).toHaveCount(0);
  }
});

test("types of parameters are numbered as jsPsych does", async ({ page, folder, host }) => {
  const { url } = await site({ folder, host }, `[]`, { run: "Promise.resolve()" });
  await page.goto(url);
  const types = await page.evaluate(() => {
    const { STRING, INT, COMPLEX } = window.jsPsychModule.ParameterType;
    const { parameters, data } = window.KSortPlugin.info;
    return [[parameters.rater.type, STRING], [data.rt.type, INT], [parameters.study.type, COMPLEX]];
  });
  for (const [own, theirs] of types) expect(own).toBe(theirs);
});

test.describe("what cannot be shown", () => {
  test.use({ expectedErrors: /404/ });
  for (const [what, study, how, reason] of [
    ["a study that is not there", `"nowhere.json"`, {}, "k-sort: the study could not be loaded"],
    ["an object that is no study", `{ version: 1, items: 3, sync: null }`, {}, "id: found nothing, expected"],
    ["a page without the element", `"study/study.json"`, { widget: "" }, "k-sort: found no element <k-sort>"],
  ]) {
    test(`${what} ends the timeline with the reason`, async ({ page, folder, host }) => {
      await page.addInitScript(() => {
        window.unheard = [];
        addEventListener("unhandledrejection", ({ reason }) => window.unheard.push(reason.message));
      });
      const { url } = await site({ folder, host }, `[{ type: KSortPlugin, study: ${study} }]`, how);
      await page.goto(url);
      expect(await page.evaluate(() => window.ended.then(() => "it ended well", (error) => error.message))).toContain(reason);
      expect(await page.evaluate(() => window.unheard), "told once").toEqual([]);
    });
  }
});
