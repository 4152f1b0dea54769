import { rm } from "node:fs/promises";
import { join } from "node:path";

import { png } from "./support/media.js";
import { makeStudy, write } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { events, recordEvents } from "./support/widget.js";
import { pageWith } from "./support/host.js";

test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of 404/ });

/** The errors that the page lists, as `place: found …, expected …`. */
const listed = (widget) =>
  widget.element.getByRole("listitem").evaluateAll((items) =>
    items.map((item) => {
      const [place, found, expected] = ["code", "div:nth-of-type(1) dd", "div:nth-of-type(2) dd"].map(
        (part) => item.querySelector(part).textContent,
      );
      return `${place}: found ${found}, expected ${expected}`;
    }),
  );

test.describe("a study", () => {
  test("that is not there says so, and is loaded when it is tried again later", async ({ page, folder, serve, widget }) => {
    await recordEvents(page);
    const study = await makeStudy(join(folder, "study"));
    const server = await serve(study.folder);
    await page.goto(server.page({ study: "study/later.json" }));
    const alert = widget.element.getByRole("alert");
    await expect(alert.getByRole("heading", { name: "The study could not be loaded" })).toBeVisible();
    await expect(alert).toContainText("the file was not found (404)");
    await expect(alert).toContainText(`${server.url}study/later.json`);
    const [{ detail }] = await events(page, "k-sort-error");
    expect(detail).toEqual({ code: "study-load", message: expect.stringContaining("404") });
    await write(study.folder, "later.json", JSON.stringify(study.file));
    await widget.button("Try again").click();
    await widget.at(1);
  });

  test("that is no JSON names line and column", async ({ page, folder, serve, widget }) => {
    await recordEvents(page);
    await write(folder, "study/study.json", '{\n  "version": oops\n}');
    const server = await serve(join(folder, "study"));
    await page.goto(server.page());
    await expect(widget.element.getByRole("alert")).toContainText("Its file has 1 error.");
    expect(await listed(widget)).toEqual([expect.stringMatching(/^line 2, column \d+: found text that is no JSON/)]);
    expect((await events(page, "k-sort-error")).map((event) => event.detail.code)).toEqual(["study-invalid"]);
  });

  test("with errors lists every one with its place, what was found and what was expected", async ({ page, folder, serve, widget }) => {
    await recordEvents(page);
    const broken = {
      version: 1,
      id: "has spaces",
      modles: [],
      models: [{ id: "a" }, { id: "b" }, { id: "b" }],
      items: [
        { id: "one", outputs: { a: "a.png", c: "c.png" } },
        { id: "two", outputs: { a: "a.png" } },
        { id: "three", outputs: { a: "javascript:alert(1)", b: { src: "b", kind: "picture" } } },
      ],
      k: 40,
      protocol: "ranks",
      reveal: "allways",
      trials: 0,
      sync: [{ type: "http" }],
    };
    const file = join(folder, "study");
    await write(file, "study.json", JSON.stringify(broken));
    const server = await serve(file);
    await page.goto(server.page());
    await expect(widget.element.getByRole("heading", { name: "This study cannot be shown" })).toBeVisible();
    const found = await listed(widget);
    const places = found.map((line) => line.split(": ")[0]);
    expect([...places].sort()).toEqual([
      "id",
      "items[0].outputs.c",
      "items[1].outputs",
      "items[2].outputs.a",
      "items[2].outputs.b.kind",
      "k",
      "models[2].id",
      "modles",
      "protocol",
      "reveal",
      "sync[0].url",
      "trials",
    ]);
    for (const [place, part] of Object.entries({
      "modles": "perhaps `models`",
      "items[0].outputs.c": "a model that `models` does not list",
      "items[1].outputs": "found one output, expected at least two outputs",
      "k": "found 40, expected a whole number from 2 to 16",
      "protocol": "perhaps `rank`",
    })) {
      expect(found.find((line) => line.startsWith(`${place}: `))).toContain(part);
    }
    await expect(widget.element.getByRole("alert")).toContainText("Its file has 12 errors.");
    const [{ detail }] = await events(page, "k-sort-error");
    expect(detail.code).toBe("study-invalid");
    expect(detail.message.split("\n")).toEqual(found);

    await makeStudy(file);
    await widget.button("Load again").click();
    await widget.at(1);
  });
});

test("an element without a study says what is missing", async ({ page, host, widget }) => {
  await recordEvents(page);
  const site = await host({ "/": pageWith("<k-sort></k-sort>") });
  await page.goto(site.url);
  await expect(widget.element.getByRole("alert")).toContainText("no src attribute");
  expect((await events(page, "k-sort-error"))[0].detail.code).toBe("start");
});

test.describe("a picture", () => {
  test("that is missing says so in its panel, can be retried, and the trial can still be judged", async ({ page, folder, serve, widget }) => {
    const study = await makeStudy(join(folder, "study"), { models: 4, items: 1, trials: 2 });
    const [missing] = study.files.slice(-1);
    await rm(join(study.folder, missing));
    const server = await serve(study.folder);
    await page.goto(server.page());
    await widget.at(1);
    const failed = widget.options.filter({ hasText: "This option could not be loaded." });
    await expect(failed).toHaveCount(1);
    await expect(failed).toContainText("the file was not found (404)");
    await expect(widget.pictures).toHaveCount(3);
    await failed.getByRole("button", { name: "Try again" }).click();
    await expect(failed).toContainText("the file was not found (404)");
    await write(study.folder, missing, png(88, 72, [9, 99, 199]));
    await failed.getByRole("button", { name: "Try again" }).click();
    expect([...(await widget.models())].sort()).toEqual([0, 1, 2, 3]);
    await widget.rankTruly();
    await widget.at(2);
  });

  test("that stays missing leaves Can't judge, which is recorded as unable", async ({ page, folder, serve, widget }) => {
    const study = await makeStudy(join(folder, "study"), { models: 4, trials: 2 });
    for (const file of study.files.filter((file) => file.includes(study.models[2]))) await rm(join(study.folder, file));
    const server = await serve(study.folder);
    await page.goto(server.page());
    await widget.at(1);
    await expect(widget.element.getByText("This option could not be loaded.")).toBeVisible();
    await widget.button("Can't judge").click();
    await widget.at(2);
    await widget.call("flush");
    const [vote] = await server.votes(study.id);
    expect(vote).toMatchObject({ outcome: "unable", exposure: { [study.models[2]]: { visible_ms: 0 } } });
    expect(vote).not.toHaveProperty("ranking");
  });

  test("that is damaged or empty says so", async ({ page, folder, serve, widget }) => {
    const study = await makeStudy(join(folder, "study"), { models: 2, items: 1, trials: 1 });
    await write(study.folder, study.files[0], "no picture");
    await write(study.folder, study.files[1], "");
    const server = await serve(study.folder);
    await page.goto(server.page());
    await widget.at(1);
    await expect(widget.element.getByText("the file is no picture that this browser can show")).toBeVisible();
    await expect(widget.element.getByText("the file is empty")).toBeVisible();
  });
});
