import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { jsonLines } from "./support/server.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const KEYS = ["a", "b", "c", "Enter"];

/** Opens the page of a study with these keys, of two trials, and gives its first two answers. */
async function answer({ folder, host, page }, keys, page_) {
  const study = await makeStudy(join(folder, "study"), { trials: 2, ...keys });
  const site = await host({ "/": pageWith(`<k-sort src="study/study.json" rater="r1"></k-sort>`), "/study/": study.folder, ...page_ });
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  await vote(page, widget, 1);
  await vote(page, widget, 2);
  await expect(widget.question).toHaveText("All done. Thank you!");
  return { study, site, widget };
}

async function vote(page, widget, trial) {
  await widget.at(trial);
  await widget.element.evaluate((element) => element.focus());
  for (const key of KEYS) await page.keyboard.press(key);
}

async function read(download) {
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return jsonLines(Buffer.concat(parts).toString());
}

test.describe("the page around the frame", () => {
  /** A page that frames the study, and answers its messages by `reply`, a function of the message's votes. */
  async function framed({ folder, host, page }, reply, origin) {
    const inner = await host({ "/study/": join(folder, "study") });
    const outer = await host({
      "/": `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">
        <iframe title="Study" src="${inner.url}index.html?study=study/study.json&rater=r1" width="900" height="640"></iframe>
        <script>
          window.taken = [];
          addEventListener("message", ({ data, source, origin }) => {
            if (data?.type !== "k-sort-votes") return;
            window.taken.push({ ...data, origin });
            const payload = (${reply})(data.payload.votes, window.taken.length);
            if (payload) source.postMessage({ v: 1, type: "k-sort-receipt", id: data.id, payload }, origin);
          });
        </script></html>`,
    });
    const sync = [{ type: "post-message", origin: origin ?? new URL(outer.url).origin }];
    await makeStudy(join(folder, "study"), { trials: 2, sync });
    await page.goto(outer.url);
    return { widget: new Widget(page.frameLocator("iframe[title=Study]").locator("k-sort")), inner };
  }

  test("gets votes in an envelope, and those are delivered that it acknowledges", async ({ page, folder, host }) => {
    const reply = `(votes, turn) => (turn === 1 ? { stored: votes.map((vote) => vote.id) } : { rejected: [{ id: votes[0].id, reason: "enough" }] })`;
    const { widget, inner } = await framed({ folder, host, page }, reply);
    await vote(page, widget, 1);
    await widget.at(2);
    await widget.call("flush");
    await vote(page, widget, 2);
    await expect(widget.element.getByText("1 answer not delivered")).toBeVisible();
    await expect(widget.element.getByText("Some were not accepted.")).toBeVisible();
    await expect(widget.element.getByText("enough").first()).toBeAttached();
    const given = await widget.call("votes");
    const taken = await page.evaluate(() => window.taken);
    expect(taken.map(({ v, origin, payload }) => [v, origin, payload.votes])).toEqual(
      given.map((vote) => [1, new URL(inner.url).origin, [vote]]),
    );
  });

  test("hears nothing where the study names another origin", async ({ page, folder, host }) => {
    const refused = page.waitForEvent("console", (message) => /Failed to execute 'postMessage'/.test(message.text()));
    const { widget } = await framed({ folder, host, page }, "() => ({})", "https://elsewhere.example");
    await vote(page, widget, 1);
    // The browser tells that it did not hand the message over.
    await refused;
    await expect(widget.delivery).toHaveText("Delivering 1 answer");
    expect(await page.evaluate(() => window.taken)).toEqual([]);
  });

  test("is heard alone: a receipt that another window sends acknowledges nothing", async ({ page, folder, host }) => {
    // The page keeps the message, and another frame answers it.
    const reply = `(votes) => {
      const forged = { v: 1, type: "k-sort-receipt", id: window.taken[0].id, payload: { stored: votes.map((vote) => vote.id) } };
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.contentWindow.eval("(target, message) => target.postMessage(message, '*')")(window.frames[0], forged);
      window.isForged = true;
    }`;
    const { widget } = await framed({ folder, host, page }, reply);
    await vote(page, widget, 1);
    await expect.poll(() => page.evaluate(() => window.isForged)).toBe(true);
    await vote(page, widget, 2);
    await expect(widget.element.getByText("2 are still on the way.")).toBeVisible();
  });
  test.use({ expectedErrors: /Failed to execute 'postMessage'/ });
});

test("JATOS gets records as lines, once its script is ready (a stand-in for jatos.js, after its reference)", async ({ page, folder, host }) => {
  await page.addInitScript(() => {
    let text = "";
    let ready = false;
    const waiting = [];
    window.jatos = {
      onLoad: (then) => (ready ? then() : waiting.push(then)),
      async appendResultData(data) {
        if (!ready) throw new Error("jatos.js is not initialized");
        // The first time, the server is not there.
        if (!window.tried) {
          window.tried = true;
          throw new Error("Failed to append");
        }
        text += typeof data === "string" ? data : JSON.stringify(data);
      },
    };
    window.begin = () => {
      ready = true;
      for (const then of waiting) then();
    };
    window.result = () => text;
  });
  const { widget } = await answer({ folder, host, page }, { sync: [{ type: "jatos" }] });
  expect(await page.evaluate(() => window.result())).toBe("");
  await page.evaluate(() => window.begin());
  await widget.call("flush");
  expect(jsonLines(await page.evaluate(() => window.result()))).toEqual(await widget.call("votes"));
});

test("where jatos.js is not on the page, the rater is told, and can download", async ({ page, folder, host }) => {
  const { widget } = await answer({ folder, host, page }, { sync: [{ type: "jatos" }] });
  await expect(widget.element.getByRole("listitem").getByText("jatos.js is not on this page").last()).toBeVisible();
  await expect(widget.element.getByText("2 are still on the way.")).toBeVisible();
  const downloading = page.waitForEvent("download");
  await widget.button("Download answers").last().click();
  expect(await read(await downloading)).toEqual(await widget.call("votes"));
});

test("a study whose votes go to a file gives it at the end, and again on demand", async ({ page, folder, host }) => {
  const downloading = page.waitForEvent("download");
  const { widget } = await answer({ folder, host, page }, { sync: [{ type: "download" }] });
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("e2e-votes.jsonl");
  const votes = await widget.call("votes");
  expect(await read(download)).toEqual(votes);
  await widget.call("flush");
  await expect(widget.element.getByText("Your answers are in a file that this page gives you.")).toBeVisible();
  const again = page.waitForEvent("download");
  await widget.button("Download answers").click();
  expect(await read(await again)).toEqual(votes);
});

test("answers wait for the file at the end where there are other back ends too", async ({ page, folder, host }) => {
  const sync = [{ type: "http", url: "../votes" }, { type: "download" }];
  const study = await makeStudy(join(folder, "study"), { trials: 3, sync });
  const votes = (_, response) => response.writeHead(204).end();
  const site = await host({ "/": pageWith(`<k-sort src="study/study.json"></k-sort>`), "/study/": study.folder, "/votes": votes });
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  const files = [];
  page.on("download", (download) => files.push(download));
  for (let trial = 1; trial <= 2; trial++) {
    await vote(page, widget, trial);
    await expect(widget.delivery).toHaveText(`${trial === 1 ? "1 answer" : "2 answers"} for the file at the end`);
  }
  expect(files).toHaveLength(0);
  await vote(page, widget, 3);
  await expect(widget.delivery).toHaveText("All answers delivered");
  await expect.poll(() => files.length).toBe(1);
  expect(await read(files[0])).toEqual(await widget.call("votes"));
});

test.describe("a download on demand", () => {
  test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 503/ });

  test("delivers what is in it, once", async ({ page, folder, host }) => {
    const sync = [{ type: "http", url: "../votes" }, { type: "download" }];
    const study = await makeStudy(join(folder, "study"), { trials: 3, sync });
    const busy = (_, response) => response.writeHead(503, { "retry-after": "3600" }).end();
    const site = await host({ "/": pageWith(`<k-sort src="study/study.json"></k-sort>`), "/study/": study.folder, "/votes": busy });
    await page.goto(site.url);
    const widget = new Widget(page.locator("k-sort"));
    const files = [];
    page.on("download", (download) => files.push(download));
    await vote(page, widget, 1);
    await widget.element.getByText(/^1 answer waiting/).click();
    await widget.button("Download answers").click();
    await expect.poll(() => files.length).toBe(1);
    await vote(page, widget, 2);
    await expect(widget.element.getByText(/^2 answers waiting/)).toBeVisible();
    await widget.at(3);
    expect(files).toHaveLength(1);
  });
});

test("each of two tabs gives its own file", async ({ page, context, folder, host }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 1, sync: [{ type: "download" }] });
  const element = (rater) => pageWith(`<k-sort src="study/study.json" rater="${rater}"></k-sort>`);
  const site = await host({ "/": element("r1"), "/two": element("r2"), "/study/": study.folder });
  await page.goto(site.url);
  const first = new Widget(page.locator("k-sort"));
  await first.at(1);
  const other = await context.newPage();
  await other.goto(`${site.url}two`);
  for (const [tab, widget] of [[other, new Widget(other.locator("k-sort"))], [page, first]]) {
    const downloading = tab.waitForEvent("download");
    await vote(tab, widget, 1);
    expect(await read(await downloading)).toEqual(await widget.call("votes"));
    await widget.call("flush");
  }
});

test("a body and a URL of another shape are filled in", async ({ page, folder, host }) => {
  const taken = [];
  const take = (request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      taken.push([request.method, request.url, JSON.parse(body)]);
      response.writeHead(201).end();
    });
  };
  const ids = [];
  const lab = new Proxy({}, { get: (_, path) => (path.startsWith?.("/lab/") ? take : undefined), ownKeys: () => [] });
  const keys = { sync: [{ type: "http", url: "../lab/{id}", method: "PUT", body: "single", template: { row: "{vote}", who: "rater {vote.rater}" } }] };
  const study = await makeStudy(join(folder, "study"), { trials: 2, ...keys });
  const routes = { "/": pageWith(`<k-sort src="study/study.json" rater="r1"></k-sort>`), "/study/": study.folder };
  const site = await host(new Proxy(routes, { get: (all, path) => all[path] ?? lab[path] }));
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  await vote(page, widget, 1);
  await vote(page, widget, 2);
  await widget.call("flush");
  const votes = await widget.call("votes");
  ids.push(...votes.map((vote) => vote.id));
  expect(taken).toEqual(votes.map((vote, n) => ["PUT", `/lab/${ids[n]}`, { row: vote, who: "rater r1" }]));
});

test.describe("several back ends", () => {
  test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 503/ });

  test("have an outbox each: one that fails does not hold up the other", async ({ page, folder, serve, host }) => {
    const studyFolder = join(folder, "study");
    await makeStudy(studyFolder);
    const [one, two] = [await serve(studyFolder), await serve(studyFolder)];
    await page.route(`${two.url}api/votes`, (route) => route.fulfill({ status: 503 }), { times: 1 });
    const sync = [one, two].map((server) => ({ type: "http", url: `${server.url}api/votes` }));
    const { widget, study } = await answer({ folder, host, page }, { sync });
    await expect.poll(() => one.votes(study.id)).toHaveLength(2);
    await widget.call("flush");
    expect(await two.votes(study.id)).toEqual(await widget.call("votes"));
    await expect(widget.element.getByText("All of them have arrived.")).toBeVisible();
  });
});

test.describe("votes of others", () => {
  const PULL = { url: "../api/votes", pull: { url: "../api/votes", every_s: 1 } };

  test("are read back: every page's leaderboard is that of all", async ({ page, context, folder, serve }) => {
    const studyFolder = join(folder, "study");
    const study = await makeStudy(studyFolder, { trials: 3, reveal: "after-vote", sync: [{ type: "http", ...PULL }] });
    const server = await serve(studyFolder);
    await page.goto(server.page({ rater: "r1" }));
    const first = new Widget(page.locator("k-sort"));
    const other = await context.newPage();
    await other.goto(server.page({ rater: "r2" }));
    const second = new Widget(other.locator("k-sort"));
    await second.at(1);
    await first.rankTruly();
    await first.call("flush");
    const board = (widget) => widget.call("leaderboard");
    await expect.poll(async () => (await board(second)).map((row) => row.votes).reduce((a, b) => a + b)).toBe(4);
    expect(await board(second)).toEqual(await board(first));
    expect(await second.call("votes")).toEqual([]);
    await second.button("Leaderboard").click();
    await expect(second.element.getByText("From this session's answers and one of others.")).toBeVisible();

    await test.step("both rate alike, whoever answered first", async () => {
      await second.button("Back").click();
      await second.rankTruly();
      await second.call("flush");
      await expect.poll(async () => JSON.stringify(await board(first))).toBe(JSON.stringify(await board(second)));
      expect((await server.votes(study.id)).length).toBe(2);
    });
  });

  test("may come as a leaderboard that was made elsewhere", async ({ page, folder, host }) => {
    const study = await makeStudy(join(folder, "study"), { trials: 3, reveal: "after-vote", matchmaking: { policy: "information-gain" } });
    const rows = study.models.map((model, n) => ({ model, mu: 40 - 5 * n, sigma: 1 }));
    const routes = {
      "/": pageWith(`<k-sort src="study/study.json"></k-sort>`),
      "/study/": study.folder,
      "/board": (_, response) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(rows)),
      "/votes": (_, response) => response.writeHead(204).end(),
    };
    const site = await host(routes);
    await makeStudy(join(folder, "study"), { ...study.file, items: 4, models: 5, sync: [{ type: "http", url: "../votes", pull: { url: "../board" } }] });
    await page.goto(site.url);
    const widget = new Widget(page.locator("k-sort"));
    await widget.at(1);
    await expect.poll(async () => (await widget.call("leaderboard")).map(({ model, mu }) => [model, mu])).toEqual(
      rows.map(({ model, mu }) => [model, mu]),
    );
    await widget.button("Leaderboard").click();
    await expect(widget.element.getByText("From everybody's answers, as counted elsewhere.")).toBeVisible();
    await widget.button("Back").click();
    await widget.rankTruly();
    await widget.button("Next trial").click();
    await widget.at(2);
  });
});
