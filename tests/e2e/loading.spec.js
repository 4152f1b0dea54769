import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { png } from "./support/media.js";
import { makeStudy, picture } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

test.use({ expectedErrors: /^Failed to load resource: net::ERR_FAILED/ });

test("the next trial is there at once: its media came while the one before was judged", async ({ page, open, widget }) => {
  const arrived = new Set();
  page.on("requestfinished", (request) => request.url().includes("/media/") && arrived.add(request.url()));
  // How wide each picture is at the first frame of each trial, 0 where there is none yet.
  await page.addInitScript(() => {
    window.firstFrames = [];
    document.addEventListener("k-sort-trial", ({ target }) =>
      requestAnimationFrame(() => {
        const options = [...target.shadowRoot.querySelectorAll("[role=group][aria-label^=Option]")];
        window.firstFrames.push(options.map((option) => option.querySelector("img")?.naturalWidth ?? 0));
      }),
    );
  });
  await open({ items: 6 });
  await widget.models();
  await expect.poll(() => arrived.size, "media of this trial and the next").toBe(8);
  // From here on there is no network for media.
  await page.route("**/media/**", (route) => route.abort());
  await widget.rankTruly();
  await widget.at(2);
  const widths = await page.waitForFunction(() => window.firstFrames[1]);
  expect((await widths.jsonValue()).filter((width) => width > 0)).toHaveLength(4);
  await expect(widget.element.getByText("could not be loaded")).toHaveCount(0);
});

test("no medium is asked for twice in a session", async ({ page, open, widget }) => {
  const asked = [];
  page.on("request", (request) => request.url().includes("/media/") && asked.push(request.url()));
  await open({ items: 6, trials: 5 });
  for (let trial = 1; trial <= 5; trial++) {
    await widget.at(trial);
    await widget.rankTruly();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  expect(asked).toHaveLength(20);
  expect(new Set(asked).size).toBe(20);
});

test("how far a medium is loaded is shown", async ({ page, folder, host }) => {
  const { folder: study } = await makeStudy(join(folder, "study"));
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  const bytes = picture(0, 0).bytes;
  const half = async (request, response) => {
    response.writeHead(200, { "content-type": "image/png", "content-length": bytes.length });
    response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
    await finished;
    response.end(bytes.subarray(Math.ceil(bytes.length / 2)));
  };
  const file = JSON.parse(await readFile(join(study, "study.json"), "utf8"));
  for (const item of file.items) for (const model of Object.keys(item.outputs)) item.outputs[model] = `/slow/${model}.png`;
  const routes = Object.fromEntries(file.models.map(({ id }) => [`/slow/${id}.png`, half]));
  const site = await host({
    "/": pageWith(`<k-sort src="study.json" rater="r"></k-sort>`),
    "/study.json": (request, response) => response.end(JSON.stringify(file)),
    ...routes,
  });
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  const loading = widget.options.getByRole("progressbar", { name: "Loading" });
  await expect.poll(() => loading.evaluateAll((all) => all.map((one) => Math.round(one.value / 10)))).toEqual([5, 5, 5, 5]);
  finish();
  await expect(widget.pictures).toHaveCount(4);
  await expect(loading).toHaveCount(0);
});

test("media are loaded ahead a few at a time, and only while there is room", async ({ page, open, widget }) => {
  let [open_, most] = [0, 0];
  const ahead = new Set();
  await page.route("**/media/**", async (route) => {
    most = Math.max(most, ++open_);
    ahead.add(route.request().url());
    const response = await route.fetch();
    open_--;
    await route.fulfill({ response });
  });
  const large = (model) => ({ extension: "png", bytes: png(400, 400, [model, 0, 0]) });
  // Four pictures of 400 x 400 take 2.56 MB.
  await open({ medium: large, k: 4, models: 6, memory_mb: 2, items: 6 });
  await expect(widget.pictures).toHaveCount(4);
  await widget.button("Skip").click();
  await widget.at(2);
  await expect(widget.pictures).toHaveCount(4);
  expect(ahead.size, "none ahead of the second trial's own").toBe(8);
  expect(most).toBe(4);
});

test("200 trials leave no more behind than one", async ({ page, open, widget }) => {
  test.slow();
  await page.addInitScript(() => {
    window.urls = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => {
      const url = createObjectURL(blob);
      window.urls.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      window.urls.delete(url);
      revokeObjectURL(url);
    };
  });
  await open({ trials: 200, items: 6, protocol: "best", matchmaking: { policy: "random" } });
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const left = async () => {
    for (let times = 0; times < 3; times++) await client.send("HeapProfiler.collectGarbage");
    const { metrics } = await client.send("Performance.getMetrics");
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return { urls: await page.evaluate(() => window.urls.size), nodes: of("Nodes"), listeners: of("JSEventListeners") };
  };
  const judge = async (from, to) => {
    for (let trial = from; trial < to; trial++) {
      await widget.at(trial);
      await page.keyboard.press("a");
    }
    await widget.at(to);
    await expect(widget.pictures).toHaveCount(4);
  };
  await widget.question.click();
  await judge(1, 20);
  const early = await left();
  await judge(20, 200);
  const late = await left();
  expect(late.urls).toBeLessThanOrEqual(8);
  // What one trial leaves behind for good is at least one; what the browser has not collected yet is less.
  expect(late.nodes - early.nodes).toBeLessThan(180);
  expect(late.listeners - early.listeners).toBeLessThan(90);
});
