import { join } from "node:path";

import { expect, test } from "./support/test.js";
import { jsonLines } from "./support/server.js";
import { makeStudy } from "./support/study.js";
import { events, recordEvents, stored } from "./support/widget.js";

// What a browser says itself where a server is not there.
test.use({ expectedErrors: /^Failed to load resource: (net::ERR_|the server responded with a status of (422|503))/ });

/** A study whose page and media come from one server and whose votes go to another. */
async function apart({ folder, serve, host, page, widget }, keys = {}) {
  const studyFolder = join(folder, "study");
  await makeStudy(studyFolder, { models: 5 });
  const backEnd = await serve(studyFolder);
  const sync = [{ type: "http", url: `${backEnd.url}api/votes` }];
  const study = await makeStudy(studyFolder, { trials: 10, sync, ...keys });
  const site = await host({ "/study/": studyFolder });
  await page.goto(`${site.url}index.html?rater=r1`);
  await widget.at(1);
  return { study, backEnd };
}

/** Gives `count` votes by keyboard, from this trial on. */
async function vote(page, widget, from, count) {
  for (let trial = from; trial < from + count; trial++) {
    await widget.at(trial);
    for (const key of ["a", "b", "c", "Enter"]) await page.keyboard.press(key);
  }
  await widget.at(from + count);
}

test("five votes while the server is down arrive once each when it is back", async ({ page, widget, folder, serve, host }) => {
  const { study, backEnd } = await apart({ folder, serve, host, page, widget });
  await vote(page, widget, 1, 1);
  await expect(widget.delivery).toHaveText("All answers delivered");
  await backEnd.stop();
  await vote(page, widget, 2, 5);
  await expect(widget.element.getByText(/^5 answers waiting, next try in \d+ s$/)).toBeVisible();

  await backEnd.start();
  await widget.call("flush");
  await expect(widget.delivery).toHaveText("All answers delivered");
  await vote(page, widget, 7, 1);
  await widget.call("flush");
  const votes = await backEnd.votes(study.id);
  expect(votes.map((vote) => vote.seq)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(votes).toEqual(await widget.call("votes"));
});

test("votes that wait survive a reload", async ({ page, widget, folder, serve, host }) => {
  const { study, backEnd } = await apart({ folder, serve, host, page, widget });
  await backEnd.stop();
  await vote(page, widget, 1, 2);
  const given = await widget.call("votes");
  await stored(page);
  await page.reload();
  await widget.at(3);
  await expect(widget.element.getByText(/^2 answers waiting, next try in \d+ s$/)).toBeVisible();
  await backEnd.start();
  await widget.call("flush");
  await expect(widget.delivery).toHaveText("All answers delivered");
  expect(await backEnd.votes(study.id)).toEqual(given);
});

test("a busy server is given the time it asks for, unless the rater presses Try now; keys work on after that", async ({ page, open, widget }) => {
  const { study, server } = await open();
  const busy = { status: 503, headers: { "Retry-After": "3600" } };
  await page.route("**/api/votes", (route) => route.fulfill(busy), { times: 1 });
  await widget.rankTruly();
  await widget.at(2);
  await widget.element.getByText(/^1 answer waiting, next try in 3[56]\d\d s$/).click();
  await expect(widget.element.getByText("Your answers are kept in this browser.")).toBeVisible();
  await expect(widget.element.getByRole("listitem")).toContainText("503");
  await widget.button("Try now").click();
  await expect(widget.delivery).toHaveText("All answers delivered");
  expect(await server.votes(study.id)).toHaveLength(1);
  await expect(widget.element, "the button that had the focus is gone").toBeFocused();
  await page.keyboard.press("c");
  await expect(widget.radio("C", 1)).toBeChecked();
});

test("votes leave by themselves when the device is online again", async ({ context, page, open, widget }) => {
  const { study, server } = await open();
  await widget.models();
  await context.setOffline(true);
  await widget.rankTruly();
  await widget.at(2);
  await widget.element.getByText(/^1 answer waiting/).click();
  await expect(widget.element.getByRole("listitem").getByText("this device is offline")).toBeVisible();
  await context.setOffline(false);
  await expect(widget.delivery).toHaveText("All answers delivered");
  expect(await server.votes(study.id)).toHaveLength(1);
});

test("a vote whose receipt is lost on the way is sent again and stored once", async ({ page, open, widget }) => {
  const { study, server } = await open();
  let cuts = 0;
  const cut = async (route) => {
    await route.fetch();
    cuts += 1;
    await route.abort("connectionreset");
  };
  await page.route("**/api/votes", cut, { times: 1 });
  await widget.rankTruly();
  // The next try may come within a second: what counts is where it ends.
  await expect.poll(() => cuts).toBe(1);
  await widget.call("flush");
  await expect(widget.delivery).toHaveText("All answers delivered");
  expect(await server.votes(study.id)).toHaveLength(1);
});

test("a refused vote is told, kept, and can be downloaded; others still arrive", async ({ page, open, widget }) => {
  await recordEvents(page);
  const { study, server } = await open();
  await page.route("**/api/votes", (route) => route.fulfill({ status: 422, body: "no such session" }), { times: 1 });
  await widget.rankTruly();
  await widget.element.getByText("1 answer not delivered").click();
  await expect(widget.element.getByText(/422/)).toBeVisible();
  const [error] = await events(page, "k-sort-error");
  expect(error.detail).toMatchObject({ code: "delivery", message: expect.stringContaining("422") });
  await expect(widget.call("flush")).rejects.toThrow(/refused/);

  await widget.at(2);
  await widget.button("All bad").click();
  await widget.at(3);
  await expect.poll(async () => (await server.votes(study.id)).map((vote) => vote.seq)).toEqual([1]);
  await stored(page);
  await page.reload();
  await widget.element.getByText("1 answer not delivered").click();
  const downloading = page.waitForEvent("download");
  await widget.button("Download answers").click();
  expect(await read(await downloading)).toEqual(await widget.call("votes"));
});

const REFUSALS = {
  "throws": () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("not in this frame", "SecurityError");
    };
  },
  "fails later": () => {
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...args) {
      const request = open.apply(this, args);
      request.addEventListener("upgradeneeded", (event) => {
        event.stopImmediatePropagation();
        request.transaction.abort();
      });
      return request;
    };
  },
  "never answers": () => {
    // As if its time had passed already.
    const wait = window.setTimeout;
    window.setTimeout = (act, ms, ...args) => wait(act, ms === 5_000 ? 0 : ms, ...args);
    IDBFactory.prototype.open = () => new EventTarget();
  },
  "is not there": () => Object.defineProperty(window, "indexedDB", { value: undefined }),
};

test("a database that opens after it was given up is closed again, and votes stay where they were said to be", async ({ page, open, widget }) => {
  await page.addInitScript(() => {
    const wait = window.setTimeout;
    window.setTimeout = (act, ms, ...args) => wait(act, ms === 5_000 ? 0 : ms, ...args);
    IDBFactory.prototype.open = () => (window.late = {});
  });
  await open();
  await expect(widget.element.getByRole("alert")).toContainText("This browser does not keep your answers. ");
  await page.evaluate(() => {
    window.late.result = { close: () => (window.isClosed = true) };
    window.late.onsuccess();
  });
  await expect.poll(() => page.evaluate(() => window.isClosed)).toBe(true);
  await widget.rankTruly();
  await widget.at(2);
  await expect(widget.element.getByRole("alert")).toContainText("this browser's database does not answer");
});

for (const [how, refuse] of Object.entries(REFUSALS)) {
  test(`where the browser's database ${how}, the page says so, votes are still sent and can be downloaded`, async ({ page, open, widget }) => {
    await recordEvents(page);
    await page.addInitScript(refuse);
    const { study, server } = await open();
    const notice = widget.element.getByRole("alert");
    await expect(notice).toContainText("This browser does not keep your answers.");
    expect((await events(page, "k-sort-error")).map((event) => event.detail.code)).toEqual(["storage"]);
    await widget.rankTruly();
    await widget.at(2);
    await widget.button("Skip").click();
    await widget.at(3);
    await widget.call("flush");
    const votes = await server.votes(study.id);
    expect(votes.map((vote) => vote.outcome)).toEqual(["ranked", "skipped"]);
    const downloading = page.waitForEvent("download");
    await notice.getByRole("button", { name: "Download answers" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("e2e-votes.jsonl");
    expect(await read(download)).toEqual(votes);
  });
}

async function read(download) {
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return jsonLines(Buffer.concat(parts).toString());
}
