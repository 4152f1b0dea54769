import { rm } from "node:fs/promises";
import { join } from "node:path";

import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { events, recordEvents } from "./support/widget.js";

/** Everything in the document, shadow trees included, that a rater or a tool of theirs could read. */
const everything = (page) =>
  page.evaluate(() => {
    const parts = [document.title];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.COMMENT_NODE) parts.push(node.data);
      for (const { name, value } of node.attributes ?? []) parts.push(`${name}=${value}`);
      for (const key of ["value", "currentSrc", "href", "src"]) if (typeof node[key] === "string") parts.push(node[key]);
      if (node.shadowRoot) walk(node.shadowRoot);
      node.childNodes.forEach(walk);
    };
    walk(document);
    return parts.join("\n").toLowerCase();
  });

async function expectBlind(page, study) {
  const text = await everything(page);
  expect(study.secrets.filter((secret) => text.includes(secret.toLowerCase()))).toEqual([]);
}

test("nothing in the document tells a model before it is revealed, from the first trial to the end", async ({ page, open, widget }) => {
  await recordEvents(page);
  const { study } = await open({ trials: 2 });
  await widget.models();
  expect(await everything(page)).toContain("option a");
  await expectBlind(page, study);
  await widget.nextBest("B").click();
  await expectBlind(page, study);
  await widget.button("Undo").click();
  await widget.rankTruly();
  await widget.at(2);
  await widget.models();
  await expectBlind(page, study);
  await widget.button("All bad").click();
  await expect(widget.question).toHaveText("All done. Thank you!");
  await expectBlind(page, study);
  await expect(widget.button("See the leaderboard")).toHaveCount(0);
  const told = JSON.stringify([...(await events(page, "k-sort-ready")), ...(await events(page, "k-sort-trial"))]);
  expect(study.secrets.filter((secret) => told.includes(secret))).toEqual([]);
});

test.describe("with media that fail", () => {
  test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 404/ });

  test("the reason tells no model either", async ({ page, folder, serve, widget }) => {
    const study = await makeStudy(join(folder, "study"), { models: 4, items: 1 });
    await rm(join(study.folder, study.files[1]));
    const server = await serve(study.folder);
    await page.goto(server.page());
    await expect(widget.element.getByText("This option could not be loaded.")).toBeVisible();
    await expectBlind(page, study);
  });
});

test("names behind one answer tell nothing of the next trial", async ({ page, open, widget }) => {
  const { study } = await open({ reveal: "after-vote", trials: 2 });
  await expectBlind(page, study);
  await widget.rankTruly();
  await expect(widget.element.getByText(/^Model [A-Z]/)).toHaveCount(4);
  await widget.button("Next trial").click();
  await widget.at(2);
  await widget.models();
  await expectBlind(page, study);
});

test("between two questions of a trial, no leaderboard tells which models are on screen", async ({ page, open, widget }) => {
  const criteria = ["overall", "detail"].map((id) => ({ id, question: `Which is best in ${id}?` }));
  await open({ reveal: "after-vote", criteria });
  const rated = async (criterion) => (await widget.call("leaderboard", criterion)).filter(({ votes }) => votes > 0).length;
  await widget.rankTruly();
  await expect(widget.question).toHaveText("Which is best in detail?");
  expect(await rated("overall")).toBe(0);
  await widget.button("Leaderboard").click();
  for (const criterion of ["overall", "detail"]) {
    await widget.button(criterion).click();
    await expect(widget.element.getByText("No ranking has been given yet.")).toBeVisible();
    await expect(widget.element.getByRole("row").locator("td:nth-child(6)")).toHaveText(["0", "0", "0", "0", "0"]);
  }
  await widget.button("Back").click();
  await page.reload();
  await expect(widget.question).toHaveText("Which is best in detail?");
  expect(await rated("overall")).toBe(0);
  await widget.rankTruly();
  await widget.button("Next trial").click();
  expect([await rated("overall"), await rated("detail")]).toEqual([4, 4]);
});
