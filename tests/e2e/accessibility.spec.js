import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expectAccessible } from "./support/accessibility.js";
import { ofDemo } from "./support/demo.js";
import { pageWith } from "./support/host.js";
import { wav } from "./support/media.js";
import { makeStudy, write } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of (404|422|503)/ });

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 720 } },
  phone: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
};

for (const [name, device] of Object.entries(DEVICES)) {
  test.describe(`on a ${name}, axe finds nothing to object to`, () => {
    test.use(device);

    test("on a trial before, while and after it is judged, at the end and on the leaderboard", async ({ page, open, widget }) => {
      await open({ reveal: "after-vote", trials: 1 });
      await widget.models();
      await expectAccessible(page, "a new trial");
      await widget.nextBest("B").click();
      await widget.radio("C", 1).check();
      await expectAccessible(page, "a trial half done");
      await widget.nextBest("A").click();
      await expect(widget.button("Submit")).toBeEnabled();
      await expectAccessible(page, "a trial ready to submit");
      await widget.button("Submit").click();
      await expect(widget.button("Next trial")).toBeVisible();
      await expectAccessible(page, "the names revealed");
      await widget.button("Next trial").click();
      await expect(widget.question).toHaveText("All done. Thank you!");
      await expectAccessible(page, "the end");
      await widget.button("See the leaderboard").click();
      await expect(widget.element.locator("canvas")).toBeVisible();
      await widget.element.locator("canvas").focus();
      await expectAccessible(page, "the leaderboard");
    });

    test("on pictures in one place, with a slider, and on the list of keys", async ({ page, open, widget }) => {
      await open({ gate: { visible_ms: 600_000 } });
      await widget.models();
      await widget.button("Compare in one place").click();
      await expect(widget.button("Show option B")).toBeVisible();
      await expectAccessible(page, "pictures in one place");
      await widget.button("Compare two with a slider").click();
      await expect(widget.element.getByLabel("Right picture")).toBeVisible();
      await expectAccessible(page, "the slider");
      await widget.button("Keys").click();
      await expect(widget.element.getByRole("dialog", { name: "Keys" })).toBeVisible();
      await expectAccessible(page, "the keys");
    });

    test("on videos, and on web pages", async ({ page, folder, serve, widget }) => {
      const layout = (model) => ({ extension: "html", bytes: `<!doctype html><html lang="en"><title>Page</title><h1>Layout ${model}</h1>` });
      for (const [name, medium] of [["videos", ofDemo("koi", "webm")], ["web pages", layout]]) {
        const { folder: study } = await makeStudy(join(folder, name), { medium, items: 1 });
        const server = await serve(study);
        await page.goto(server.page({ rater: "r" }));
        await widget.at(1);
        await expect(widget.options.locator("video, iframe")).toHaveCount(4);
        await expect(widget.element.getByRole("progressbar", { name: "Loading" })).toHaveCount(0);
        await expectAccessible(page, name);
      }
    });

    test("on the pages of a study that is broken or not there", async ({ page, folder, serve, widget }) => {
      await write(folder, "study/study.json", JSON.stringify({ version: 2, id: "a b", modles: [], k: 99 }));
      const server = await serve(join(folder, "study"));
      await page.goto(server.page());
      await expect(widget.question).toHaveText("This study cannot be shown");
      await expectAccessible(page, "a broken study");
      await page.goto(server.page({ study: "study/nowhere.json" }));
      await expect(widget.question).toHaveText("The study could not be loaded");
      await expectAccessible(page, "no study");
    });

    test("where answers wait or are refused, are not kept, or a picture is missing", async ({ page, folder, serve, widget }) => {
      await page.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("not in this frame", "SecurityError");
        };
      });
      const statuses = [503, 422];
      await page.route("**/api/votes", (route) => route.fulfill({ status: statuses.shift() ?? 422, headers: { "Retry-After": "3600" } }));
      const study = await makeStudy(join(folder, "study"), { models: 4, items: 1, trials: 3 });
      await rm(join(study.folder, study.files[0]));
      const server = await serve(study.folder);
      await page.goto(server.page());
      await expect(widget.element.getByText("This browser does not keep your answers.")).toBeVisible();
      await expect(widget.element.getByText("This option could not be loaded.")).toBeVisible();
      await expectAccessible(page, "a picture that is missing and a notice");
      await widget.button("Can't judge").click();
      await widget.element.getByText(/^1 answer waiting/).click();
      await expectAccessible(page, "answers that wait");
      await widget.button("Try now").click();
      const refused = widget.element.getByText("1 answer not delivered");
      await expect(refused).toBeVisible();
      if (!(await widget.button("Try now").isVisible())) await refused.click();
      await expectAccessible(page, "answers that were refused");
    });
  });
}

for (const keys of [{ protocol: "best" }, { protocol: "pairwise", k: 2 }, { protocol: "best-worst" }, { protocol: "rate" }]) {
  test(`axe finds nothing to object to on a trial of the protocol ${keys.protocol}`, async ({ page, open, widget }) => {
    await open(keys);
    await widget.models();
    await expectAccessible(page, keys.protocol);
  });
}

test("axe finds nothing to object to on a trial of text, and of sound with a reference", async ({ page, open, widget, folder }) => {
  const text = (model) => ({ extension: "txt", bytes: `An answer of some length. ${"More words. ".repeat(40 * (model + 1))}` });
  const { study, address } = await open({ medium: text });
  await expect(widget.option("A").getByText("An answer")).toBeVisible();
  await expectAccessible(page, "text");
  const sound = (model) => ({ extension: "wav", bytes: wav(220 + model, 1) });
  const { file } = await makeStudy(join(folder, "study"), { id: "sound", medium: sound });
  for (const item of file.items) item.reference = item.outputs[study.models[0]];
  await write(study.folder, "study.json", JSON.stringify(file));
  await page.goto(address);
  await expect(widget.options.locator(".waves")).toHaveCount(4);
  await expect(widget.element.getByRole("group", { name: "Reference" })).toBeVisible();
  await expectAccessible(page, "sound with a reference");
});

test("axe finds nothing to object to on a page with landmarks of its own and two elements", async ({ page, folder, host }) => {
  const study = await makeStudy(join(folder, "study"), { sync: [] });
  const two = `<k-sort src="study/study.json" rater="ada"></k-sort><k-sort src="study/study.json" rater="bob"></k-sort>`;
  const site = await host({ "/": pageWith(two), "/study/": study.folder });
  await page.goto(site.url);
  for (const n of [0, 1]) await new Widget(page.locator("k-sort").nth(n)).at(1);
  await expectAccessible(page, "two elements");
});
