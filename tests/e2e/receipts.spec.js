// Answers of back ends that are none, that never end, or that ask for what nobody should do.
import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const KEYS = ["a", "b", "c", "Enter"];
const LOG_IN = "<!doctype html><title>Welcome</title><p>Please log in.</p>";

async function vote(page, widget, trial) {
  await widget.at(trial);
  await widget.element.evaluate((element) => element.focus());
  for (const key of KEYS) await page.keyboard.press(key);
}

/** Opens a study whose votes are answered by `back.answer`, a function of the response and the ids, and gives its first answer. */
async function answered({ folder, host, page }, answer, { routes = {}, keys = {}, ...how } = {}) {
  const study = await makeStudy(join(folder, "study"), { trials: 3, ...keys, sync: [{ type: "http", url: "../votes", ...how }] });
  const back = { answer };
  const take = (request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => back.answer(response, JSON.parse(body).map((vote) => vote.id)));
  };
  const page_ = pageWith(`<k-sort src="study/study.json" rater="r1"></k-sort>`);
  const site = await host({ "/": page_, "/study/": study.folder, "/votes": take, ...routes });
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  await vote(page, widget, 1);
  return { back, widget, study };
}

const says = (body, headers = {}) => (response) => response.writeHead(200, headers).end(body);
const stores = (response, ids) => response.writeHead(200).end(JSON.stringify({ stored: ids }));

/** Writes to a response for as long as somebody reads it. Gives how many bytes that were, once nobody does. */
function endless(response) {
  const part = Buffer.alloc(1 << 16, " ");
  response.writeHead(200, { "content-type": "application/json" });
  let bytes = 0;
  return new Promise((resolve) => {
    const write = () => {
      while (!response.destroyed) {
        bytes += part.length;
        if (!response.write(part)) return;
      }
    };
    response.on("drain", write);
    response.on("close", () => resolve(bytes));
    write();
  });
}

for (const [what, body] of [
  ["a log-in page", LOG_IN],
  ["a list", "[1,2,3]"],
  ["a receipt that is none", `{"stored":{"length":5}}`],
  ["thanks", "thank you"],
]) {
  test(`${what} with status 200 acknowledges nothing, and the rater is told`, async ({ page, folder, host }) => {
    const { back, widget } = await answered({ folder, host, page }, says(body));
    await widget.element.getByText(/^1 answer waiting/).click();
    await expect(widget.element.getByText("the answer is no receipt").first()).toBeVisible();
    await page.reload();
    await expect(widget.element.getByText(/^1 answer waiting/)).toBeVisible();
    back.answer = stores;
    await widget.call("flush");
    await expect(widget.delivery).toHaveText("All answers delivered");
  });
}

for (const [what, how, body] of [
  ["ok", {}, `{"ok":true}`],
  ["any text, where the study says that there are no receipts", { receipt: false }, "thank you"],
]) {
  test(`${what} acknowledges`, async ({ page, folder, host }) => {
    const { widget } = await answered({ folder, host, page }, says(body), how);
    await widget.call("flush");
    await expect(widget.delivery).toHaveText("All answers delivered");
  });
}

for (const [what, how, body] of [
  ["ok does not, where the study asks for receipts", { receipt: true }, `{"ok":true}`],
  ["a log-in page does not, even where there are no receipts", { receipt: false }, LOG_IN],
]) {
  test(what, async ({ page, folder, host }) => {
    const { back, widget } = await answered({ folder, host, page }, says(body), how);
    await expect(widget.element.getByText(/^1 answer waiting/)).toBeVisible();
    back.answer = how.receipt ? stores : says("");
    await widget.call("flush");
    await expect(widget.delivery).toHaveText("All answers delivered");
  });
}

test("an answer without an end is given up", async ({ page, folder, host }) => {
  const ends = [];
  const { back, widget } = await answered({ folder, host, page }, (response) => ends.push(endless(response)));
  await widget.element.getByText(/^1 answer waiting/).click();
  await expect(widget.element.getByText("the server's answer is too long").first()).toBeVisible();
  // What the system holds back on the way counts too.
  expect(await ends[0]).toBeLessThan(64 << 20);
  back.answer = stores;
  await widget.call("flush");
  await expect(widget.delivery).toHaveText("All answers delivered");
});

test.describe("a wait", () => {
  test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 503/ });

  for (const [what, said] of [
    ["of 20 digits", "99999999999999999999"],
    ["of 400 digits", "9".repeat(400)],
    ["until the year 9999", "Fri, 31 Dec 9999 23:59:59 GMT"],
  ]) {
    test(`${what} is a day`, async ({ page, folder, host }) => {
      const { widget } = await answered({ folder, host, page }, (response) => response.writeHead(503, { "retry-after": said }).end());
      await expect(widget.element.getByText(/^1 answer waiting, next try in 86(400|3\d\d) s$/)).toBeVisible();
    });
  }

  for (const [what, said] of [["below zero", "-5"], ["that is no number", "NaN"], ["before now", "Thu, 01 Jan 1970 00:00:00 GMT"]]) {
    test(`${what} is none`, async ({ page, folder, host }) => {
      const { back, widget } = await answered({ folder, host, page }, (response) => response.writeHead(503, { "retry-after": said }).end());
      await expect(widget.element.getByText(/^1 answer waiting/)).toBeVisible();
      back.answer = stores;
      await widget.call("flush");
      await expect(widget.delivery).toHaveText("All answers delivered");
    });
  }
});

test("a page of votes without an end is given up", async ({ page, folder, host }) => {
  const told = page.waitForEvent("console", (message) => /could not be read from .*the server's answer is too long/.test(message.text()));
  const ends = [];
  const board = (_, response) => ends.push(endless(response));
  await answered({ folder, host, page }, stores, { pull: { url: "../board" }, routes: { "/board": board } });
  await told;
  expect(await ends[0]).toBeLessThan(256 << 20);
});

test("standings beyond any scale are refused with their reason, and the others are shown", async ({ page, folder, host }) => {
  const told = page.waitForEvent("console", (message) => /2 rows of .*rows\[0\]\.mu: found 1e\+308, expected a number from/.test(message.text()));
  const rows = [];
  const keys = { reveal: "after-vote" };
  const board = (_, response) => response.writeHead(200).end(JSON.stringify(rows));
  const { models } = await makeStudy(join(folder, "study"));
  rows.push(...models.map((model, n) => ({ model, mu: [1e308, -1e7][n] ?? 40 - n, sigma: 1 })));
  const { widget } = await answered({ folder, host, page }, stores, { keys, pull: { url: "../board" }, routes: { "/board": board } });
  await told;
  const ratings = async () => (await widget.call("leaderboard")).map(({ mu, sigma, score, lo, hi }) => [mu, sigma, score, lo, hi]).flat();
  await expect.poll(async () => (await ratings()).every(Number.isFinite)).toBe(true);
  await expect.poll(async () => (await widget.call("leaderboard")).find(({ model }) => model === models[4]).mu).toBeGreaterThan(30);
});
