import { join } from "node:path";

import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { stored, Widget } from "./support/widget.js";

const KEYS = ["a", "b", "c", "Enter"];

async function vote(page, widget, trial) {
  await widget.at(trial);
  await widget.element.evaluate((element) => element.focus());
  for (const key of KEYS) await page.keyboard.press(key);
}

/** Two tabs of a study, of two raters, on a server that counts how often each vote comes. */
async function twoTabs({ page, context, folder, serve }) {
  const studyFolder = join(folder, "study");
  const study = await makeStudy(studyFolder, { trials: 6 });
  const server = await serve(studyFolder);
  const sent = [];
  await context.route("**/api/votes", (route) => {
    sent.push(...route.request().postDataJSON().map((vote) => vote.id));
    return route.continue();
  });
  await page.goto(server.page({ rater: "r1" }));
  const one = new Widget(page.locator("k-sort"));
  await one.at(1);
  await expect(one.delivery).toHaveText("All answers delivered");
  const other = await context.newPage();
  await other.goto(server.page({ rater: "r2" }));
  const two = new Widget(other.locator("k-sort"));
  await two.at(1);
  return { study, server, sent, one, two, other };
}

test("of two tabs one sends, for both, each vote once", async ({ page, context, folder, serve }) => {
  const { study, server, sent, one, two, other } = await twoTabs({ page, context, folder, serve });
  for (let trial = 1; trial <= 3; trial++) {
    await Promise.all([vote(page, one, trial), vote(other, two, trial)]);
  }
  await Promise.all([one.call("flush"), two.call("flush")]);
  for (const widget of [one, two]) await expect(widget.delivery).toHaveText("All answers delivered");
  const given = [...(await one.call("votes")), ...(await two.call("votes"))].map((vote) => vote.id);
  expect(given).toHaveLength(6);
  expect([...sent].sort()).toEqual([...given].sort());
  expect((await server.votes(study.id)).map((vote) => vote.id).sort()).toEqual([...given].sort());
});

test("when the tab that sends goes away, another takes over", async ({ page, context, folder, serve }) => {
  const { study, server, one, two, other } = await twoTabs({ page, context, folder, serve });
  await vote(page, one, 1);
  await one.call("flush");
  await page.close();
  await vote(other, two, 1);
  await two.call("flush");
  await expect(two.delivery).toHaveText("All answers delivered");
  expect((await server.votes(study.id)).map((vote) => vote.rater)).toEqual(["r1", "r2"]);
});

test.describe("a page that goes away", () => {
  test.use({ expectedErrors: /^Failed to load resource: (net::ERR_|the server responded with a status of 503)/ });

  test("sends what waits as it goes", async ({ page, context, folder, serve }) => {
    const studyFolder = join(folder, "study");
    const study = await makeStudy(studyFolder, { trials: 6 });
    const server = await serve(studyFolder);
    const busy = { status: 503, headers: { "Retry-After": "3600" } };
    await context.route("**/api/votes", (route) => route.fulfill(busy), { times: 1 });
    await page.goto(server.page({ rater: "r1" }));
    const widget = new Widget(page.locator("k-sort"));
    await vote(page, widget, 1);
    await expect(widget.element.getByText(/^1 answer waiting, next try in 3\d\d\d s$/)).toBeVisible();
    await vote(page, widget, 2);
    await widget.at(3);
    const given = await widget.call("votes");
    await stored(page);
    await page.goto("about:blank");
    await expect.poll(() => server.votes(study.id)).toEqual(given);

    // Nothing on this device knows that they arrived: they are sent once more, and are there once.
    await page.goto(server.page({ rater: "r1" }));
    await widget.at(3);
    await expect(widget.delivery).toHaveText("All answers delivered");
    expect(await server.votes(study.id)).toEqual(given);
  });
});

test.describe("a full disk", () => {
  test.use({ expectedErrors: /^Failed to load resource: net::ERR_/ });

  /** Has the browser give up every write while `window.isFull`, as it does where a quota is reached. */
  const fillable = () => {
    for (const name of ["add", "put"]) {
      const write = IDBObjectStore.prototype[name];
      IDBObjectStore.prototype[name] = function (...args) {
        const request = write.apply(this, args);
        if (window.isFull) this.transaction.abort();
        return request;
      };
    }
  };

  test("loses nothing: the rater is told, votes are sent from memory, and stored once there is room", async ({ page, folder, serve }) => {
    const study = await makeStudy(join(folder, "study"), { trials: 6 });
    const server = await serve(study.folder);
    await page.addInitScript(fillable);
    await page.goto(server.page({ rater: "r1" }));
    const widget = new Widget(page.locator("k-sort"));
    await vote(page, widget, 1);
    await widget.call("flush");
    await page.evaluate(() => (window.isFull = true));
    await server.stop();
    await vote(page, widget, 2);
    await vote(page, widget, 3);
    const notice = widget.element.getByRole("alert");
    await expect(notice).toContainText("This browser does not keep your answers.");
    await widget.element.getByText(/^2 answers waiting/).click();
    await expect(widget.element.getByText("Your answers are on this page only: do not close it yet.")).toBeVisible();
    await server.start();
    await widget.call("flush");
    expect(await server.votes(study.id)).toEqual(await widget.call("votes"));

    await page.evaluate(() => (window.isFull = false));
    await vote(page, widget, 4);
    await widget.at(5);
    await expect(notice).toBeHidden();
    const given = await widget.call("votes");
    await stored(page);
    await page.reload();
    await widget.at(5);
    expect(await widget.call("votes")).toEqual(given);
    await widget.call("flush");
    expect(await server.votes(study.id)).toEqual(given);
  });
});
