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
      await expect(widget.element.getByRole("alert")).toHaveText(`K-Sort cannot start: this page shows studies of ${own} only, not of ${origin}`);
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
  expect(await widget.call("leaderboard", null)).toHaveLength(5);
  await widget.rankTruly();
  await widget.at(2);
  expect(await events(page, "k-sort-error")).toEqual([]);
});
