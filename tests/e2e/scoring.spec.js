// What computes in a worker, and what happens where there is none.
import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { makeStudy, write } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { longestTask } from "./support/trace.js";
import { Widget } from "./support/widget.js";

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src blob: data:; style-src 'self'";

/** Warnings of the widget on the console. */
function warnings(page) {
  const told = [];
  page.on("console", (message) => message.type() === "warning" && message.text().startsWith("k-sort:") && told.push(message.text()));
  return told;
}

/** A study of many models with pictures of a few bytes. */
async function manyModels(folder, models, keys = {}) {
  const ids = Array.from({ length: models }, (_, model) => `model-${model}`);
  const study = {
    version: 1,
    id: "many",
    models: ids.map((id) => ({ id })),
    items: [{ id: "item", outputs: Object.fromEntries(ids.map((id) => [id, `media/${id}.svg`])) }],
    k: 4,
    trials: 6,
    sync: [],
    ...keys,
  };
  const svg = (id) => `<svg xmlns="http://www.w3.org/2000/svg" width="${64 + 8 * id}" height="64"><rect width="9" height="9"/></svg>`;
  await Promise.all(ids.map((id, model) => write(folder, `media/${id}.svg`, svg(model))));
  await write(folder, "study.json", JSON.stringify(study));
  return study;
}

async function answerAll(widget, trials) {
  for (let trial = 1; trial <= trials; trial++) {
    await widget.at(trial);
    await widget.rankTruly();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
}

async function openLeaderboard(widget) {
  await widget.button("See the leaderboard").click();
  await expect(widget.element.locator("canvas")).toBeVisible();
}

test("the leaderboard tells how sure every rank is, and who is better than whom", async ({ page, open, widget }) => {
  const told = warnings(page);
  const { study } = await open({ trials: 12, reveal: "at-end", items: 6 }, { scorer: "cpu" });
  await answerAll(widget, 12);
  await openLeaderboard(widget);
  await expect(widget.element.getByRole("rowheader")).toHaveText(study.names);
  const rows = widget.element.getByRole("row");
  const ranks = await rows.locator("td:first-child").allInnerTexts();
  for (const rank of ranks) expect(rank).toMatch(/^\d+(–\d+)?$/);
  expect(ranks.some((rank) => rank.includes("–"))).toBe(true);
  await expect(rows.nth(1).getByRole("img")).toHaveAttribute("aria-label", /^\d+\.\d\d, 95% interval −?\d+\.\d\d to \d+\.\d\d$/);
  await expect(widget.element.getByText(/^100,000 draws on CPU in \d+\.\d s\.$/)).toBeVisible();

  const map = widget.element.getByRole("img", { name: /^Heat map of 5 by 5 models/ });
  await map.focus();
  const readout = widget.element.locator(".readout");
  const probability = await rows.nth(1).locator("td").nth(3).innerText();
  await expect(readout).toHaveText(`${study.names[0]} is better than ${study.names[1]} with probability ${probability}.`);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await expect(readout).toHaveText(new RegExp(`^${study.names[1]} is better than ${study.names[0]} with probability <?\\d+%\\.$`));
  await map.hover({ position: { x: 2, y: 2 } });
  await expect(readout).toHaveText("");
  expect(told).toEqual([]);
});

test("before any ranking the leaderboard says so, and each criterion has its own", async ({ page, open, widget }) => {
  const criteria = [{ id: "look", question: "Which looks best?" }, { id: "fit", question: "Which fits best?" }];
  await open({ trials: 2, reveal: "after-vote", criteria });
  await widget.button("Leaderboard").click();
  await expect(widget.element.getByText("No ranking has been given yet.")).toBeVisible();
  await expect(widget.element.getByRole("rowheader")).toHaveCount(5);
  await widget.button("Back").click();
  await widget.rankTruly();
  // The trial counts once its last question is answered.
  await widget.button("Can't judge").click();
  await widget.button("Leaderboard").click();
  await expect(widget.element.locator("canvas")).toBeVisible();
  await widget.button("fit").click();
  await expect(widget.element.locator("canvas")).toHaveCount(0);
  await expect(widget.element.getByText("No ranking has been given yet.")).toBeVisible();
  await widget.button("look").click();
  await expect(widget.element.locator("canvas")).toBeVisible();
});

test("the first trial is shown before anything of the scoring is loaded", async ({ page, open, widget }) => {
  const order = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (/scoring|media/.test(pathname)) order.push(pathname);
  });
  await open({ matchmaking: { policy: "information-gain" } });
  await expect.poll(() => order.some((path) => /engine_bg.*\.wasm$/.test(path))).toBe(true);
  const first = order.findIndex((path) => path.includes("scoring"));
  expect(order.slice(0, first).filter((path) => path.includes("media"))).toHaveLength(4);
});

test("a study at random loads nothing of the scoring", async ({ page, open, widget }) => {
  const asked = [];
  page.on("request", (request) => request.url().includes("scoring/") && asked.push(request.url()));
  await open({ matchmaking: { policy: "random" }, trials: 2 });
  await answerAll(widget, 2);
  expect(asked).toEqual([]);
});

test("a rater who is faster than the draw waits for it", async ({ page, open, widget }) => {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route("**/scoring/worker*.js", async (route) => {
    await released;
    await route.continue();
  });
  await open();
  await widget.rankTruly();
  await expect(widget.element.getByText("Choosing what to compare")).toBeVisible();
  await expect(widget.progress).toHaveText("2 of 8");
  await page.reload();
  await expect(widget.element.getByText("Choosing what to compare")).toBeVisible();
  release();
  await widget.at(2);
  await widget.rankTruly();
  await widget.at(3);
});

test.describe("where a policy forbids workers", () => {
  test.use({ expectedErrors: /worker/i });

  test("the page computes, and says so once", async ({ page, folder, host }) => {
    const told = warnings(page);
    const study = join(folder, "study");
    await manyModels(study, 5, { reveal: "at-end", trials: 3 });
    const element = `<k-sort src="study/study.json" rater="r"></k-sort>`;
    const site = await host({ "/": pageWith(element), "/study/": study }, { policy: `${POLICY}; worker-src 'none'` });
    await page.goto(site.url);
    const widget = new Widget(page.locator("k-sort"));
    await answerAll(widget, 3);
    await openLeaderboard(widget);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^k-sort: no worker computes \(.+\), so that the page does$/);
  });
});

test.describe("where the scoring cannot be loaded", () => {
  test.use({ expectedErrors: /Failed to load resource|worker/i });

  test("without its WebAssembly and its worker the session goes on", async ({ page, open, widget }) => {
    const told = warnings(page);
    await page.route("**/scoring/*.wasm", (route) => route.abort());
    const { study, server } = await open({ trials: 3, reveal: "at-end" });
    await answerAll(widget, 3);
    await widget.call("flush");
    expect(await server.votes(study.id)).toHaveLength(3);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^k-sort: groups are drawn at random: /);
    await widget.button("See the leaderboard").click();
    await expect(widget.element.getByText(/^How sure the ranks are could not be computed: /)).toBeVisible();
    await expect(widget.element.getByRole("columnheader", { name: "Score" })).toBeVisible();
  });

  test("with nothing of it there the session goes on", async ({ page, open, widget }) => {
    const told = warnings(page);
    await page.route("**/scoring/**", (route) => route.abort());
    await open({ trials: 3 });
    await answerAll(widget, 3);
    expect(told).toHaveLength(1);
  });
});

test("a medium that never arrives holds up no draw", async ({ page, folder, serve, widget }) => {
  const study = await makeStudy(join(folder, "study"));
  const server = await serve(study.folder);
  await page.route("**/media/**", () => {}, { times: 4 });
  await page.goto(server.page({ rater: "r1" }));
  await widget.at(1);
  await widget.button("Skip").click();
  await widget.at(2);
  await widget.rankTruly();
  await widget.at(3);
});

test("where no GPU is to be had the processor does what it was asked for, and says why once", async ({ page, open, widget }) => {
  const told = warnings(page);
  await open({ trials: 3, reveal: "at-end" }, { scorer: "gpu" });
  await answerAll(widget, 3);
  for (let times = 1; times <= 2; times++) {
    await openLeaderboard(widget);
    await expect(widget.element.getByText(/draws on CPU/)).toBeVisible();
    await widget.button("Back").click();
  }
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^k-sort: GPU: .+; the CPU does the job$/);
});

test("a job that does not end is ended, and a new worker does the next", async ({ page, open, widget }) => {
  const told = warnings(page);
  const workers = [];
  page.on("worker", (worker) => workers.push(worker.url()));
  await page.clock.install();
  await page.route("**/scoring/worker*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "onmessage = () => {};" }), { times: 1 });
  await open();
  await expect.poll(() => workers.length).toBe(1);
  await widget.rankTruly();
  await expect(widget.element.getByText("Choosing what to compare")).toBeVisible();
  await page.clock.fastForward(61_000);
  await widget.at(2);
  await widget.rankTruly();
  await widget.at(3);
  expect(workers).toHaveLength(2);
  expect(told).toEqual(["k-sort: groups are drawn at random: it took more than 60 s"]);
});

test("the worker goes with the last element", async ({ page, folder, host }) => {
  const study = join(folder, "study");
  await manyModels(study, 5);
  const two = ["ada", "bob"].map((rater) => `<k-sort src="study/study.json" rater="${rater}"></k-sort>`);
  const site = await host({ "/": pageWith(two.join("")), "/study/": study });
  await page.goto(site.url);
  await expect.poll(() => page.workers().length).toBe(1);
  const bob = new Widget(page.locator("k-sort[rater=bob]"));
  await page.evaluate(() => document.querySelector("[rater=ada]").remove());
  await bob.rankTruly();
  await bob.at(2);
  expect(page.workers()).toHaveLength(1);
  await page.evaluate(() => document.querySelector("[rater=bob]").remove());
  await expect.poll(() => page.workers().length).toBe(0);
});

test("an element from another origin has a worker too", async ({ page, folder, host }) => {
  const told = warnings(page);
  const study = join(folder, "study");
  await manyModels(study, 5, { reveal: "at-end", trials: 2 });
  const files = await host();
  const script = `<script type="module" src="${files.otherSite}k-sort.js"></script>`;
  const site = await host({ "/": `<!doctype html><title>t</title>${script}<k-sort src="study/study.json"></k-sort>`, "/study/": study });
  await page.route(`${files.otherSite}**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*" } });
  });
  await page.goto(site.url);
  await answerAll(new Widget(page.locator("k-sort")), 2);
  expect(told).toEqual([]);
});

test("with 200 models the page never stalls, neither in trials nor on the leaderboard", async ({ page, folder, host }) => {
  test.slow();
  const study = join(folder, "study");
  await manyModels(study, 200, { reveal: "at-end" });
  const site = await host({ "/": pageWith(`<k-sort src="study/study.json" rater="r"></k-sort>`), "/study/": study });
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  await widget.at(1);
  const longest = await longestTask(page, async () => {
    await answerAll(widget, 6);
    await openLeaderboard(widget);
    // Not by role: to look for that takes long in a large table.
    await expect(widget.element.locator("tbody th")).toHaveCount(200);
    await expect(widget.element.locator(".ran")).toHaveText(/ draws on .+ in /);
  });
  expect(longest).toBeLessThan(50);
});
