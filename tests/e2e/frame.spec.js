import { join } from "node:path";

import AxeBuilder from "@axe-core/playwright";

import { root } from "./support/paths.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const RESIZER = join(root, "node_modules/@open-iframe-resizer/core/dist/");

/** A page around a frame: one that notes every message it gets, and has the frame follow its content's height by the library if asked. */
function around(address, { sandbox, follows = false } = {}) {
  const follow = `<script type="module">import { initialize } from "./resizer/index.js"; initialize({}, "iframe");</script>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lab</title><link rel="icon" href="data:,">
    <style>body { margin: 0 } iframe { inline-size: 100%; border: 0 }</style></head><body>
    <main><h1>Lab</h1><iframe title="Study" ${sandbox ? `sandbox="${sandbox}"` : ""} src="${address}"></iframe></main>
    <script>window.heard = []; addEventListener("message", ({ data, origin }) => data.v && heard.push({ ...data, origin }));</script>
    ${follows ? follow : ""}</body></html>`;
}

/** The study of two trials on one site, and the page around it on another. */
async function framed({ page, folder, host, keys = {}, ...how }) {
  const outer = await host({ "/resizer/": RESIZER, "/": (request, response) => response.setHeader("content-type", "text/html").end(html) });
  const lab = new URL(outer.otherSite).origin;
  const study = await makeStudy(join(folder, "study"), { trials: 2, sync: [], ...(typeof keys === "function" ? keys(lab) : keys) });
  const inner = await host({ "/study/": study.folder });
  const html = around(`${inner.url}embed.html?rater=ada`, how);
  await page.goto(outer.otherSite);
  const widget = new Widget(page.frameLocator("iframe[title=Study]").locator("k-sort"));
  await widget.at(1);
  return { study, widget, lab, inner: new URL(inner.url).origin };
}

const heard = (page, type) => page.evaluate((type) => window.heard.filter((message) => message.type === type), type);

/** Asks the frame for something, and gives its answer. */
async function ask(page, method, ...args) {
  const id = await page.evaluate(
    ([method, args]) => {
      const id = `ask ${(window.asked = (window.asked ?? 0) + 1)}`;
      document.querySelector("iframe").contentWindow.postMessage({ v: 1, type: "k-sort-call", id, payload: { method, args } }, "*");
      return id;
    },
    [method, args],
  );
  const answer = async () => (await heard(page, "k-sort-answer")).find((message) => message.id === id)?.payload;
  await expect.poll(answer).toBeTruthy();
  return answer();
}

const text = (model, item) => ({ extension: "md", bytes: `${"A long text. ".repeat(400)}${model} ${item}` });

for (const [what, keys] of [["pictures", {}], ["texts", { medium: text }], ["16 pictures", { models: 16, k: 16 }]]) {
  test(`a frame is as high as ${what}, and what it shows does not depend on that`, async ({ page, folder, host }) => {
    const { widget } = await framed({ page, folder, host, keys, follows: true });
    const html = page.frameLocator("iframe[title=Study]").locator("html");
    const content = () => html.evaluate((html) => Math.ceil(html.getBoundingClientRect().height));
    const frame = page.locator("iframe");
    const height = () => frame.evaluate((frame) => frame.clientHeight);
    for (const width of [1280, 768, 390]) {
      await page.setViewportSize({ width, height: 720 });
      await expect.poll(async () => (await height()) === (await content())).toBe(true);
      await expect(widget.button("Submit")).toBeVisible();
      expect(await height()).toBeGreaterThan(350);
      const before = await content();
      for (const given of [5000, 200]) {
        await frame.evaluate((frame, given) => (frame.style.height = `${given}px`), given);
        // The frame has taken the new height, and is laid out for it.
        await html.evaluate(async (_, given) => {
          while (innerHeight !== given) await new Promise(requestAnimationFrame);
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }, given);
        expect(await content()).toBe(before);
      }
    }
  });
}

test("the height follows to the last page", async ({ page, folder, host }) => {
  const { widget } = await framed({ page, folder, host, follows: true });
  const heights = [];
  for (const trial of [1, 2]) {
    await widget.at(trial);
    heights.push(await page.locator("iframe").evaluate((frame) => frame.clientHeight));
    await widget.rankTruly();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  await expect.poll(() => page.locator("iframe").evaluate((frame) => frame.clientHeight)).toBe(352);
  expect(Math.min(...heights)).toBeGreaterThan(352);
});

test("the page around is told what happens, and answered", async ({ page, folder, host }) => {
  const { study, widget, inner } = await framed({ page, folder, host, keys: (lab) => ({ origins: ["https://other.example", lab] }) });
  await widget.rankTruly();
  await widget.at(2);
  await widget.rankTruly();
  await expect.poll(() => heard(page, "k-sort-complete")).toHaveLength(1);
  const votes = await widget.call("votes");
  expect((await heard(page, "k-sort-vote")).map(({ payload }) => payload)).toEqual(votes);
  expect((await heard(page, "k-sort-ready"))[0]).toMatchObject({ v: 1, origin: inner, payload: { study: study.id, rater: "ada", trials: 2 } });
  expect((await heard(page, "k-sort-trial")).map(({ payload }) => payload.done)).toEqual([0, 1]);
  expect((await heard(page, "k-sort-height")).every(({ payload }) => payload.height > 300)).toBe(true);
  const all = await page.evaluate(() => window.heard);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);

  expect(await ask(page, "votes")).toEqual({ value: votes });
  expect(await ask(page, "leaderboard", "overall")).toEqual({ value: await widget.call("leaderboard") });
  expect(await ask(page, "leaderboard", "sharpness")).toEqual({ error: `the study asks no criterion "sharpness"` });
  const odd = { error: "criterion: found 5, expected the id of a criterion, a text, or nothing" };
  expect(await ask(page, "leaderboard", 5)).toEqual(odd);
  expect(await ask(page, "leaderboard", null)).toEqual({ value: await widget.call("leaderboard") });
  expect(await ask(page, "flush")).toEqual({});
  expect(await ask(page, "theme", "dark")).toEqual({});
  await expect(widget.element).toHaveAttribute("theme", "dark");
  expect(await ask(page, "theme", "pink")).toEqual({ error: `theme: found "pink", expected one of light, dark, auto` });
  expect(await ask(page, "remove")).toEqual({ error: `payload.method: found "remove", expected one of votes, leaderboard, flush, theme` });
});

for (const [what, origins] of [["another", ["https://other.example"]], ["no", undefined]]) {
  test(`where the study names ${what} origin, the page around is told nothing and not heard`, async ({ page, folder, host }) => {
    const warnings = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    const { widget, lab } = await framed({ page, folder, host, keys: { origins }, follows: true });
    await page.evaluate(() => {
      const call = { v: 1, type: "k-sort-call", id: "1", payload: { method: "theme", args: ["dark"] } };
      for (const target of [call, call, "k-sort-call", null]) document.querySelector("iframe").contentWindow.postMessage(target, "*");
    });
    await widget.rankTruly();
    await widget.at(2);
    expect(await page.evaluate(() => window.heard)).toEqual([]);
    await expect(widget.element).not.toHaveAttribute("theme");
    expect(warnings.filter((text) => text.includes("`origins`"))).toHaveLength(1);
    expect(warnings.join()).toContain(lab);
  });
}

test("a page in another frame that is not around it is not heard", async ({ page, folder, host }) => {
  const { widget, lab } = await framed({ page, folder, host, keys: (lab) => ({ origins: [lab] }) });
  await page.evaluate((lab) => {
    const other = document.createElement("iframe");
    other.src = `${lab}/resizer/index.js`;
    document.body.append(other);
    return new Promise((done) => (other.onload = done));
  }, lab);
  await page.frames().at(-1).evaluate(() => {
    parent.frames[0].postMessage({ v: 1, type: "k-sort-call", id: "1", payload: { method: "theme", args: ["dark"] } }, "*");
  });
  expect(await ask(page, "votes")).toEqual({ value: [] });
  await expect(widget.element).not.toHaveAttribute("theme");
});

test.describe("a frame in a sandbox", () => {
  test.use({ expectedErrors: /^Download is disallowed\./ });

  test("shows the whole study, sends votes, and says what it cannot do", async ({ page, folder, host, serve }) => {
    const study = await makeStudy(join(folder, "study"), { trials: 3 });
    const server = await serve(study.folder);
    const outer = await host({ "/": around(`${server.url}embed.html?rater=boxed`, { sandbox: "allow-scripts allow-forms" }) });
    await page.goto(outer.otherSite);
    const frame = page.frameLocator("iframe[title=Study]");
    const widget = new Widget(frame.locator("k-sort"));
    await widget.at(1);
    await expect(widget.element.getByRole("alert")).toContainText("This browser does not keep your answers.");
    await expect(frame.getByText("This frame may not let you save files.", { exact: false })).toBeVisible();
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.flat())])).toEqual([]);
    }
    await widget.element.getByRole("alert").getByRole("button", { name: "Download answers" }).click();
    for (const trial of [1, 2, 3]) {
      await widget.at(trial);
      await widget.rankTruly();
    }
    await expect(widget.question).toHaveText("All done. Thank you!");
    await widget.call("flush");
    expect((await server.votes(study.id)).map((vote) => [vote.rater, vote.seq])).toEqual([0, 1, 2].map((seq) => ["boxed", seq]));
  });
});
