import { createServer } from "node:http";
import { join } from "node:path";

import AxeBuilder from "@axe-core/playwright";

import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";

const CRITERIA = [
  { id: "overall", question: "Which is better?" },
  { id: "detail", question: "Which has more detail?" },
];

const post = async (server, records) => {
  const response = await fetch(`${server.url}api/votes`, { method: "POST", body: JSON.stringify(records) });
  expect(response.status).toBe(200);
};

/** The cells of the table, row by row. */
const rows = (page) => page.locator("#standings tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));

const names = async (page) => (await rows(page)).map(([rank, name, , , votes]) => `${rank} ${name} ${votes}`);

for (const [device, viewport] of Object.entries({ phone: { width: 360, height: 640 }, laptop: { width: 1280, height: 720 } })) {
  test(`the live leaderboard follows the votes on a ${device}`, async ({ folder, serve, page }) => {
    const study = await makeStudy(join(folder, "study"), { criteria: CRITERIA, models: 3, k: 3 });
    const [first, second, third] = study.models;
    const [one, two, three] = study.names;
    const server = await serve(study.folder);
    await page.setViewportSize(viewport);
    await page.goto(`${server.url}leaderboard`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Leaderboard: A study of pictures");
    await expect(page.getByRole("status")).toHaveText("Live");
    await expect.poll(() => names(page)).toEqual([`1 ${one} 0`, `1 ${two} 0`, `1 ${three} 0`]);

    await post(server, [{ id: "2", study: study.id, ranking: [[third], [second], [first]] }]);
    await expect.poll(() => names(page)).toEqual([`1 ${three} 1`, `2 ${two} 1`, `3 ${one} 1`]);
    await post(server, [{ id: "1", study: study.id, criterion: "detail", ranking: [[first], [second]] }]);
    await page.getByRole("link", { name: "Which has more detail?" }).click();
    await expect(page).toHaveURL(`${server.url}leaderboard?criterion=detail`);
    await expect(page.getByRole("link", { name: "Which has more detail?" })).toHaveAttribute("aria-current", "page");
    await expect.poll(() => names(page)).toEqual([`1 ${one} 1`, `2 ${three} 0`, `3 ${two} 1`]);

    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, "nothing is beside the page").toBe(0);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
    }
  });
}

test.describe("a server that goes away and comes back", () => {
  test.use({ expectedErrors: /^Failed to load resource: net::ERR_|^Failed to load resource: the server responded/ });

  test("is told, and followed again", async ({ folder, serve, page }) => {
    const study = await makeStudy(join(folder, "study"), { models: 2, k: 2 });
    const server = await serve(study.folder);
    await page.goto(`${server.url}leaderboard`);
    await expect(page.getByRole("status")).toHaveText("Live");
    await server.stop();
    await expect(page.getByRole("status")).toContainText("trying again");
    await server.start();
    await expect(page.getByRole("status")).toHaveText("Live");
    await post(server, [{ id: "1", study: study.id, ranking: [[study.models[1]], [study.models[0]]] }]);
    await expect.poll(async () => (await names(page))[0]).toBe(`1 ${study.names[1]} 1`);
  });
});

test("the token is sent in a header, and nowhere else", async ({ folder, serve, page }) => {
  const study = await makeStudy(join(folder, "study"), { models: 2, k: 2 });
  const server = await serve(study.folder);
  const targets = [];
  page.on("request", (request) => targets.push(request.url()));
  const asked = page.waitForRequest("**/api/leaderboard/stream*");
  await page.goto(`${server.url}leaderboard#token=open-sesame`);
  expect((await asked).headers().authorization).toBe("Bearer open-sesame");
  await expect(page.getByRole("status")).toHaveText("Live");
  // What stands after `#` is told of the page by the browser, but not sent.
  expect(targets.filter((target) => target.split("#")[0].includes("sesame"))).toEqual([]);
});

const TOKENS = { "#token=a+b%2Fc": "Bearer a+b/c", "#x=1&token=100%": "Bearer 100%", "#token=%C3%A9": undefined };
for (const [hash, sent] of Object.entries(TOKENS)) {
  test(`the token of ${hash} is sent as it is meant`, async ({ folder, serve, page }) => {
    const study = await makeStudy(join(folder, "study"), { models: 2, k: 2 });
    const server = await serve(study.folder);
    const asked = page.waitForRequest("**/api/leaderboard/stream*");
    await page.goto(`${server.url}leaderboard${hash}`);
    expect((await asked).headers().authorization).toBe(sent);
    await expect(page.getByRole("status")).toHaveText("Live");
  });
}

test("a connection on which nothing comes any more is made anew", async ({ folder, serve, page }) => {
  const study = await makeStudy(join(folder, "study"), { models: 2, k: 2 });
  const server = await serve(study.folder);
  const silent = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*" }).write(":\n\n");
  });
  await new Promise((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const stream = "**/api/leaderboard/stream*";
  await page.route(stream, (route) => route.continue({ url: `http://127.0.0.1:${silent.address().port}/` }));
  await page.clock.install();
  await page.goto(`${server.url}leaderboard`);
  await expect(page.getByRole("status")).toHaveText("Live");
  await page.clock.fastForward(40_000);
  await expect(page.getByRole("status")).toHaveText("Live");
  await page.unroute(stream);
  const again = page.waitForRequest(stream);
  await page.clock.fastForward(6_000);
  await expect(page.getByRole("status")).toContainText("trying again");
  await again;
  await expect(page.getByRole("status")).toHaveText("Live");
  await expect(page.locator("#standings tr")).toHaveCount(2);
  silent.closeAllConnections();
  silent.close();
});

// Here, as tests in Rust are built with features of libraries that only they need.
test("numbers of a vote are kept to the last digit", async ({ folder, serve }) => {
  const study = await makeStudy(join(folder, "study"), { models: 2, k: 2 });
  const server = await serve(study.folder);
  const vote = { id: "1", study: study.id, ranking: [[study.models[0]], [study.models[1]]], numbers: [9.313225746154785e-10, 0.1, 5e-324] };
  await post(server, [vote]);
  const [{ numbers }] = await server.votes(study.id);
  expect(numbers).toEqual(vote.numbers);
  await post(server, [{ ...vote, numbers }]);
});
