import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request as forward } from "node:http";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { launchOptions } from "./support/browser.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const ROUNDS = 20;
const ENDS = ["the page is reloaded", "the tab is killed", "the browser is killed"];
const TRIALS = 100;

/** Numbers from 0 up to 1, the same each time (Park and Miller's generator). */
function draws(seed) {
  return () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** What may become of a delivery before the server hears of it. */
const NEVER_ARRIVES = [
  (response) => response.destroy(),
  (response) => response.writeHead(503).end("busy"),
  (response) => response.writeHead(429, { "retry-after": "1" }).end(),
  (response) => response.writeHead(200, { "content-type": "application/json" }).end(`{"stored":[]}`),
];

/** A proxy that passes requests on to a server, but treats every third delivery badly, in ways that are drawn. */
async function startFaults(target, draw) {
  const pass = (asked, response, answered) => {
    const { hostname, port } = new URL(target);
    const passed = forward({ hostname, port, path: asked.url, method: asked.method, headers: asked.headers }, answered);
    passed.on("error", () => response.destroy());
    asked.pipe(passed);
  };
  const server = createServer((asked, response) => {
    if (asked.method !== "POST" || draw() > 1 / 3) {
      return pass(asked, response, (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers)));
    }
    const fault = NEVER_ARRIVES[Math.floor(draw() * (NEVER_ARRIVES.length + 2))];
    if (fault) return void asked.resume().on("end", () => fault(response));
    // The server stores them, and nobody hears of it.
    pass(asked, response, (answer) => answer.resume().on("end", () => response.destroy()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  started.push({
    async kill() {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A browser of its own, with a profile that outlives it. */
async function startBrowser(profile) {
  const args = [...launchOptions.args, "--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const child = spawn(launchOptions.executablePath ?? chromium.executablePath(), args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let told = "";
    child.stderr.on("data", (text) => {
      told += text;
      const found = /DevTools listening on (ws:\S+)/.exec(told);
      if (found) resolve(found[1]);
    });
    child.on("exit", () => reject(new Error(`the browser ended: ${told}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const own = {
    context: browser.contexts()[0],
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      process.kill(-child.pid, "SIGKILL");
      await ended;
      await browser.close().catch(() => {});
    },
  };
  started.push(own);
  return own;
}

/** Ends what a test has started, however it ends. */
const started = [];
test.afterEach(async () => {
  for (const { kill } of started.splice(0)) await kill();
});

test("whatever ends in the middle, twenty times over, no vote is lost and none is doubled", async ({ folder, serve }) => {
  const study = await makeStudy(join(folder, "study"), { trials: TRIALS, matchmaking: { policy: "random" } });
  const server = await serve(study.folder);
  const draw = draws(20_261_126);
  const faults = await startFaults(server.url, draw);
  const told = new Set();
  let browser = await startBrowser(join(folder, "profile"));

  const openPage = async () => {
    const page = await browser.context.newPage();
    await page.exposeFunction("tell", (id) => told.add(id));
    await page.addInitScript(() => document.addEventListener("k-sort-vote", ({ detail }) => window.tell(detail.id)));
    await page.goto(`${faults}?rater=r1`);
    return page;
  };
  let page = await openPage();
  for (let round = 0; round < ROUNDS; round++) {
    const widget = new Widget(page.locator("k-sort"));
    for (let answers = 1 + Math.floor(draw() * 3); answers > 0; answers--) {
      await expect(widget.option("A")).toBeVisible();
      const before = told.size;
      await widget.element.evaluate((element) => element.focus());
      for (const key of ["a", "b", "c", "Enter"]) await page.keyboard.press(key);
      // Now and then the end comes while the last one is being stored.
      if (answers > 1 || draw() < 0.7) await expect.poll(() => told.size).toBeGreaterThan(before);
    }
    const end = ENDS[round % ENDS.length];
    await test.step(`${round + 1}: ${end}`, async () => {
      if (end === ENDS[0]) return void (await page.reload());
      if (end === ENDS[1]) {
        const devtools = await browser.context.newCDPSession(page);
        const crashed = page.waitForEvent("crash");
        devtools.send("Page.crash").catch(() => {});
        await crashed;
        await page.close();
      } else {
        await browser.kill();
        browser = await startBrowser(join(folder, "profile"));
      }
      page = await openPage();
    });
  }
  const widget = new Widget(page.locator("k-sort"));
  await expect(widget.option("A")).toBeVisible();
  await widget.call("flush");
  const given = await widget.call("votes");
  const stored = await server.votes(study.id);
  expect(stored.map((vote) => vote.seq), "in order, each once").toEqual(given.map((_, seq) => seq));
  expect(stored, "as they were given").toEqual(given);
  expect([...told].filter((id) => !stored.some((vote) => vote.id === id)), "lost").toEqual([]);
});
