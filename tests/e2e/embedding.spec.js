import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { jsonLines } from "./support/server.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { events, recordEvents, Widget } from "./support/widget.js";

const TWO = `<k-sort src="study/study.json" rater="ada"></k-sort><k-sort src="study/study.json" rater="bob"></k-sort>`;

test("a session works in a frame on a page of another site, and its votes arrive", async ({ page, folder, serve, host }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 2 });
  const server = await serve(study.folder);
  const address = `${server.url}index.html?study=study/study.json&rater=framed`;
  const site = await host({
    "/": `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">
      <iframe title="Study" src="${address}" width="900" height="640"></iframe></html>`,
  });
  await page.goto(site.otherSite);
  const widget = new Widget(page.frameLocator("iframe").locator("k-sort"));
  await widget.at(1);
  await widget.rankTruly();
  await widget.at(2);
  for (const key of ["d", "c", "b", "Enter"]) await page.keyboard.press(key);
  await expect(widget.question).toHaveText("All done. Thank you!");
  await widget.call("flush");
  const votes = await server.votes(study.id);
  expect(votes.map((vote) => [vote.rater, vote.seq])).toEqual([["framed", 0], ["framed", 1]]);
  expect(votes[1].ranking).toEqual([...votes[1].shown].reverse().map((model) => [model]));
});

test("two elements on one page are two sessions that load the wasm once", async ({ page, folder, serve, host }) => {
  const studyFolder = join(folder, "study");
  await makeStudy(studyFolder);
  const server = await serve(studyFolder);
  const study = await makeStudy(studyFolder, { trials: 2, sync: [{ type: "http", url: `${server.url}api/votes` }] });
  const site = await host({ "/": pageWith(TWO), "/study/": studyFolder });
  const loaded = [];
  const isWidget = (url) => /^\/pkg\/.*\.wasm$/.test(new URL(url).pathname);
  page.on("request", (request) => isWidget(request.url()) && loaded.push(request.url()));
  await recordEvents(page);
  await page.goto(site.url);
  const [ada, bob] = [0, 1].map((n) => new Widget(page.locator("k-sort").nth(n)));
  await ada.at(1);
  await bob.at(1);
  expect(loaded).toHaveLength(1);

  await test.step("keys act in the element that has the focus, and in no other place", async () => {
    await page.keyboard.press("a");
    await ada.element.evaluate((element) => element.focus());
    await page.keyboard.press("b");
    await expect(ada.radio("B", 1)).toBeChecked();
    await bob.nextBest("D").click();
    await page.keyboard.press("c");
    expect(await ada.ranks()).toEqual([null, 1, null, null]);
    expect(await bob.ranks()).toEqual([null, null, 2, 1]);
  });

  await test.step("each has its own votes", async () => {
    await page.keyboard.press("a");
    await page.keyboard.press("Enter");
    await bob.at(2);
    await bob.button("Can't judge").click();
    await expect(bob.question).toHaveText("All done. Thank you!");
    await ada.at(1);
    await ada.button("Skip").click();
    await ada.at(2);
    await Promise.all([ada.call("flush"), bob.call("flush")]);
    const votes = await server.votes(study.id);
    const of = (rater) => votes.filter((vote) => vote.rater === rater);
    expect(of("bob").map((vote) => vote.outcome)).toEqual(["ranked", "unable"]);
    expect(of("ada").map((vote) => vote.outcome)).toEqual(["skipped"]);
    expect(await bob.call("votes")).toEqual(of("bob"));
    expect(await ada.call("votes")).toEqual(of("ada"));
    const exported = await bob.exported();
    expect(exported.endsWith("}\n")).toBe(true);
    expect(jsonLines(exported)).toEqual(of("bob"));
    expect((await ada.call("leaderboard")).map((row) => [row.rank, row.votes])).toEqual(Array(5).fill([1, 0]));
    const winner = of("bob")[0].ranking[0][0];
    const rows = await bob.call("leaderboard", "overall");
    expect(rows.map((row) => row.rank)).toEqual([...rows.map((row) => row.rank)].sort());
    expect(rows[0]).toMatchObject({
      model: winner,
      name: study.names[study.models.indexOf(winner)],
      rank: 1,
      mu: expect.closeTo(37.615663, 5),
      sigma: expect.closeTo(4.048802, 5),
      score: expect.closeTo(37.615663 - 3 * 4.048802, 5),
      votes: 1,
    });
  });

  await test.step("events bubble out of the shadow tree with plain details", async () => {
    const all = await events(page);
    expect(all.every((event) => event.bubbles && event.composed)).toBe(true);
    const bobs = all.filter((event) => event.rater === "bob");
    expect(bobs.map((event) => event.type)).toEqual([
      "k-sort-ready", "k-sort-trial", "k-sort-vote", "k-sort-trial", "k-sort-vote", "k-sort-complete",
    ]);
    expect(bobs[0].detail).toMatchObject({ study: "e2e", title: study.file.title, rater: "bob", trials: 2 });
    expect([bobs[2].detail, bobs[4].detail]).toEqual(await bob.call("votes"));
    expect(all.filter((event) => event.rater === "ada" && event.type === "k-sort-vote")).toHaveLength(1);
  });
});

test("a site's strict Content Security Policy is enough to embed the element", async ({ page, folder, host }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 2, sync: [] });
  const policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src blob: data:; " +
    "base-uri 'none'; form-action 'none'";
  const site = await host({ "/": pageWith(`<k-sort src="study/study.json"></k-sort>`), "/study/": study.folder }, { policy });
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  for (const trial of [1, 2]) {
    await widget.at(trial);
    await widget.rankTruly();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  await expect(widget.element.getByText("Your answers are kept in this browser.", { exact: false })).toBeVisible();
});

test("an element that is taken away and put back, or given another rater, starts over cleanly", async ({ page, folder, host }) => {
  const study = await makeStudy(join(folder, "study"), { sync: [] });
  const site = await host({ "/": pageWith(`<k-sort src="study/study.json" rater="ada"></k-sort>`), "/study/": study.folder });
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  await widget.at(1);
  await widget.rankTruly();
  await widget.at(2);
  await widget.element.evaluate((element) => {
    const place = element.parentNode;
    element.remove();
    place.append(element);
  });
  await widget.at(2);
  await widget.element.evaluate((element) => element.setAttribute("rater", "bob"));
  await widget.at(1);
  await widget.rankTruly();
  await widget.at(2);
  expect((await widget.call("votes")).map((vote) => [vote.rater, vote.seq])).toEqual([["bob", 0]]);
});
