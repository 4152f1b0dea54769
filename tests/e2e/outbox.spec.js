// The outbox where the browser's database fails, and where elements come and go.
import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const KEYS = ["a", "b", "c", "Enter"];

async function vote(page, widget, trial) {
  await widget.at(trial);
  await widget.element.evaluate((element) => element.focus());
  for (const key of KEYS) await page.keyboard.press(key);
}

/** A page with a study whose votes go to a server that counts them, and answers by `status()`. */
async function counted({ folder, host, page }, keys = {}, status = () => 204) {
  const study = await makeStudy(join(folder, "study"), { trials: 6, sync: [{ type: "http", url: "../votes" }], ...keys });
  const sent = [];
  const take = (request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      sent.push(...JSON.parse(body).map((vote) => vote.id));
      response.writeHead(status()).end();
    });
  };
  const element = (rater) => pageWith(`<k-sort src="study/study.json" rater="${rater}"></k-sort>`);
  const site = await host({ "/": element("r1"), "/two": element("r2"), "/study/": study.folder, "/votes": take });
  await page.goto(site.url);
  return { study, site, sent, widget: new Widget(page.locator("k-sort")) };
}

test.describe("a database that does not answer", () => {
  test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 503/ });

  test("is not taken for an empty outbox", async ({ page, folder, host }) => {
    await page.addInitScript(() => {
      const getAll = IDBIndex.prototype.getAll;
      IDBIndex.prototype.getAll = function (...args) {
        if (window.isBroken && this.name === "by-study") throw new DOMException("connection lost", "UnknownError");
        return getAll.apply(this, args);
      };
    });
    let status = 503;
    await page.clock.install();
    const { widget } = await counted({ folder, host, page }, {}, () => status);
    await vote(page, widget, 1);
    await expect(widget.element.getByText(/^1 answer waiting/)).toBeVisible();
    await page.evaluate(() => (window.isBroken = true));
    await widget.element.evaluate((element) => void element.flush().then(() => (window.isFlushed = true)));
    await expect(widget.element.getByText("Not known whether all have arrived")).toBeVisible();
    expect(await page.evaluate(() => window.isFlushed)).toBeUndefined();
    await page.evaluate(() => (window.isBroken = false));
    status = 204;
    // It is asked again after half a minute.
    await page.clock.fastForward(31_000);
    await widget.call("flush");
    await expect(widget.delivery).toHaveText("All answers delivered");
  });

  test("is left alone when its data were cleared, and works again after a reload", async ({ page, context, folder, host }) => {
    const { site, widget } = await counted({ folder, host, page });
    await vote(page, widget, 1);
    await widget.at(2);
    await widget.call("flush");
    const browser = await context.newCDPSession(page);
    await browser.send("Storage.clearDataForOrigin", { origin: new URL(site.url).origin, storageTypes: "indexeddb" });
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await expect(widget.element.getByText("Not known whether all have arrived")).toBeVisible();
    await page.reload();
    await vote(page, widget, 1);
    await widget.at(2);
    await expect(widget.delivery).toHaveText("All answers delivered");
    await expect(widget.element.getByRole("alert")).toHaveCount(0);
  });
});

test("where entries cannot be removed, what has arrived is not sent again and again", async ({ page, folder, host }) => {
  await page.addInitScript(() => {
    const remove = IDBObjectStore.prototype.delete;
    IDBObjectStore.prototype.delete = function (...args) {
      const request = remove.apply(this, args);
      this.transaction.abort();
      window.tries = (window.tries ?? 0) + 1;
      return request;
    };
  });
  const { widget, sent } = await counted({ folder, host, page });
  await vote(page, widget, 1);
  for (let n = 0, tries = 0; n < 4; n++) {
    await expect.poll(() => page.evaluate(() => window.tries)).toBeGreaterThan(tries);
    tries = await page.evaluate(() => window.tries);
    // Each look tries to remove it once more.
    await page.evaluate(() => dispatchEvent(new Event("online")));
  }
  expect(sent).toHaveLength(1);
});

test.describe("what was refused", () => {
  test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 422/ });

  test("is not sent by a page that goes away", async ({ page, folder, host }) => {
    let status = 422;
    const { widget, sent } = await counted({ folder, host, page }, {}, () => status);
    await vote(page, widget, 1);
    await expect(widget.element.getByText("1 answer not delivered")).toBeVisible();
    status = 503;
    const refused = sent.length;
    await page.goto("about:blank");
    await page.goBack();
    await expect(widget.element.getByText("1 answer not delivered")).toBeVisible();
    expect(sent).toHaveLength(refused);
  });
});

test("an element that is removed while it loads does not keep others from sending", async ({ page, context, folder, host }) => {
  let load;
  const loading = new Promise((resolve) => (load = resolve));
  let asked;
  const isAsked = new Promise((resolve) => (asked = resolve));
  await page.route("**/delivery/engine_bg*.wasm", async (route) => {
    asked();
    await loading;
    await route.continue();
  });
  const { site, sent, widget } = await counted({ folder, host, page });
  await widget.at(1);
  await isAsked;
  await page.evaluate(() => document.querySelector("k-sort").remove());
  load();
  const other = await context.newPage();
  await other.goto(`${site.url}two`);
  const two = new Widget(other.locator("k-sort"));
  await vote(other, two, 1);
  await two.at(2);
  await two.call("flush");
  expect(sent).toHaveLength(1);
  expect(await page.evaluate(async () => (await navigator.locks.query()).held.map(({ clientId }) => clientId).length)).toBe(1);
});

test("an element that begins anew sends for its new rater, and one removed in the middle breaks nothing", async ({ page, folder, host }) => {
  const { sent, widget } = await counted({ folder, host, page });
  await vote(page, widget, 1);
  await widget.at(2);
  await widget.element.evaluate((element) => {
    element.flush().catch(() => {});
    element.setAttribute("rater", "somebody else");
  });
  await vote(page, widget, 1);
  await widget.call("flush");
  expect(new Set(sent).size).toBe(2);
  await page.evaluate(() => {
    const element = document.querySelector("k-sort");
    element.flush().catch(() => {});
    element.remove();
  });
});

test("a page whose address changes goes on sending to where it sent", async ({ page, folder, host }) => {
  await page.addInitScript(() => document.addEventListener("k-sort-ready", () => history.pushState({}, "", "/app/page")));
  const { sent, widget } = await counted({ folder, host, page });
  await vote(page, widget, 1);
  await widget.at(2);
  await widget.call("flush");
  expect(sent).toHaveLength(1);
});
