// Study files of elsewhere that call themselves like one that is known here.
import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { events, recordEvents, stored } from "./support/widget.js";

test("a page of the server shows no study of another origin", async ({ page, folder, serve, host, widget }) => {
  const study = await makeStudy(join(folder, "study"));
  const server = await serve(study.folder);
  const elsewhere = await host({ "/study/": study.folder }, { cors: true });
  await recordEvents(page);
  const own = new URL(server.url).origin;
  for (const name of ["", "embed.html"]) {
    for (const [url, origin] of [[`${elsewhere.url}study/study.json`, new URL(elsewhere.url).origin], ["data:application/json,{}", "null"]]) {
      await page.goto(`${server.url}${name}?study=${encodeURIComponent(url)}`);
      await expect(widget.element.getByRole("alert")).toHaveText(
        `K-Sort cannot start: this page shows studies of ${own} only, not of ${origin}; whoever runs the server can allow others (ksort serve --foreign-studies)`,
      );
      expect((await events(page, "k-sort-error")).map(({ detail }) => detail.code)).toEqual(["foreign-study"]);
      // Nobody waits for ever for what is not shown.
      await expect(widget.call("flush")).rejects.toThrow("the study is not loaded");
    }
  }
  expect(elsewhere.asked).toEqual([]);
  await page.goto(`${server.url}?study=${encodeURIComponent(`${server.url}study/study.json`)}`);
  await widget.at(1);
});

test("study files of one id do not get each other's sessions, not even of one rater and session", async ({ page, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 3, reveal: "after-vote" });
  const elsewhere = await host({ "/study/": study.folder }, { cors: true });
  const element = (src) => pageWith(`<k-sort src="${src}" rater="ada" session="monday"></k-sort>`);
  const site = await host({
    "/": element("study/study.json"),
    "/other": element("other/study.json"),
    "/evil": element(`${elsewhere.url}study/study.json`),
    "/study/": study.folder,
    "/other/": study.folder,
  });
  const ids = async () => (await widget.call("votes")).map(({ id }) => id);

  await page.goto(site.url);
  await widget.at(1);
  await widget.rankTruly();
  await widget.button("Next trial").click();
  await widget.at(2);
  const [own] = await ids();
  for (const path of ["other", "evil"]) {
    await page.goto(site.url + path);
    await widget.at(1);
    expect(await ids()).toEqual([]);
    await widget.button("Skip").click();
    await widget.button("Next trial").click();
    await widget.at(2);
    await stored(page);
    await page.reload();
    await widget.at(2);
    expect(await ids()).toHaveLength(1);
    expect(await ids()).not.toContain(own);
  }
  await page.goto(site.url);
  await widget.at(2);
  expect(await ids()).toEqual([own]);
});

test("a server that leads to another origin does not show its study either", async ({ page, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"));
  const elsewhere = await host({ "/study/": study.folder }, { cors: true });
  const lead = (location) => (request, response) => response.writeHead(302, { location }).end();
  const own = '<meta name="k-sort-studies" content="own" />';
  const site = await host({
    "/": pageWith(`${own}<k-sort src="away/study.json"></k-sort>`),
    "/near": pageWith(`${own}<k-sort src="near/study.json"></k-sort>`),
    "/away/study.json": lead(`${elsewhere.url}study/study.json`),
    "/near/study.json": lead("../study/study.json"),
    "/near/": study.folder,
    "/study/": study.folder,
  });
  await page.goto(site.url);
  const origins = [site.url, elsewhere.url].map((url) => new URL(url).origin);
  await expect(widget.element.getByRole("alert")).toContainText(`this page shows studies of ${origins[0]} only, not of ${origins[1]}`);
  await page.goto(`${site.url}near`);
  await widget.at(1);
});

test.describe("votes that wait", () => {
  test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 503/ });

  test("are sent and handed out by study files of their own origin only", async ({ page, folder, host, widget }) => {
    let status = 503;
    const sent = [];
    const at = join(folder, "study");
    const elsewhere = await host({ "/study/": at }, { cors: true });
    const element = (src) => pageWith(`<k-sort src="${src}" rater="ada" session="monday"></k-sort>`);
    const pages = await host({
      "/": element("study/study.json"),
      "/other": element("other/study.json"),
      "/evil": element(`${elsewhere.url}study/study.json`),
      "/study/": at,
      "/other/": at,
      "/votes": (request, response) => {
        let body = "";
        request.on("data", (part) => (body += part));
        request.on("end", () => {
          sent.push(...JSON.parse(body).map(({ id }) => id));
          response.writeHead(status).end();
        });
      },
    });
    await makeStudy(at, { sync: [{ type: "http", url: `${pages.url}votes` }] });

    await page.goto(pages.url);
    await widget.at(1);
    await widget.rankTruly();
    await widget.at(2);
    await expect(widget.element.getByText(/^1 answer waiting/)).toBeVisible();
    const [{ id }] = await widget.call("votes");

    await page.goto(`${pages.url}evil`);
    await widget.at(1);
    // The page before has tried once more as it went away.
    status = 204;
    sent.length = 0;
    await widget.rankTruly();
    await widget.at(2);
    await widget.call("flush");
    await expect(widget.delivery).toHaveText("All answers delivered");
    expect(sent).toHaveLength(1);
    expect(sent).not.toContain(id);

    // An entry from before it was told where a study is from.
    await page.evaluate(async () => {
      const done = (request, event) => new Promise((resolve) => (request[event] = () => resolve(request.result)));
      const database = await done(indexedDB.open("k-sort"), "onsuccess");
      const writing = database.transaction("outbox", "readwrite");
      for (const { source, ...entry } of await done(writing.objectStore("outbox").getAll(), "onsuccess")) writing.objectStore("outbox").put(entry);
      await done(writing, "oncomplete");
      database.close();
    });
    await page.goto(`${pages.url}other`);
    await widget.at(1);
    await expect.poll(() => sent).toContain(id);
  });
});

test("a leaderboard is asked for by the id of a criterion, and by nothing else", async ({ page, open, widget }) => {
  await recordEvents(page);
  await open();
  for (const criterion of [5, {}, ["overall"], true]) {
    const told = await widget.element.evaluate((element, criterion) => {
      try {
        return element.leaderboard(criterion);
      } catch (error) {
        return error.message;
      }
    }, criterion);
    expect(told).toBe(`criterion: found ${JSON.stringify(criterion)}, expected the id of a criterion, a text, or nothing`);
  }
  const asked = widget.element.evaluate((element) => element.leaderboard(5n));
  await expect(asked).rejects.toThrow("criterion: found bigint, expected the id of a criterion, a text, or nothing");
  expect(await widget.call("leaderboard", null)).toHaveLength(5);
  await widget.rankTruly();
  await widget.at(2);
  expect(await events(page, "k-sort-error")).toEqual([]);
});
