import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { wav } from "./support/media.js";
import { demo } from "./support/paths.js";
import { expect, test } from "./support/test.js";

/** Files of the study that comes with the project, one for each model. */
const ofDemo = (item, extension) => async (model) => {
  const name = ["linen", "cobalt", "sage", "amber", "coral"][model];
  return { extension, bytes: await readFile(join(demo, "media", item, `${name}.${extension}`)) };
};

test("sound plays with the browser's controls, one at a time, and playing is recorded", async ({ open, widget }) => {
  const { study, server } = await open({ medium: (model) => ({ extension: "wav", bytes: wav(220 + 110 * model, 5) }) });
  const sounds = widget.options.locator("audio");
  await expect(sounds).toHaveCount(4);
  await expect.poll(() => sounds.evaluateAll((all) => all.map((one) => Math.round(one.duration)))).toEqual([5, 5, 5, 5]);
  const paused = () => sounds.evaluateAll((all) => all.map((one) => one.paused));
  await sounds.nth(1).evaluate((sound) => sound.play());
  expect(await paused()).toEqual([true, false, true, true]);
  await sounds.nth(2).evaluate((sound) => sound.play());
  await expect.poll(paused).toEqual([true, true, false, true]);
  await expect.poll(() => sounds.nth(2).evaluate((sound) => sound.currentTime)).toBeGreaterThan(0);
  await widget.button("All bad").click();
  await widget.at(2);
  await widget.call("flush");
  const [vote] = await server.votes(study.id);
  const [first, second, third] = vote.shown.map((model) => vote.exposure[model]);
  expect(first.plays ?? 0).toBe(0);
  expect(second.plays).toBe(1);
  expect(third).toMatchObject({ plays: 1, played_ms: expect.any(Number) });
  expect(third.played_ms).toBeGreaterThan(0);
});

test("video plays without a sound", async ({ open, widget }) => {
  await open({ medium: ofDemo("koi", "webm"), items: 1 });
  const videos = widget.options.locator("video");
  await expect(videos).toHaveCount(4);
  await expect.poll(() => videos.evaluateAll((all) => all.every((one) => one.currentTime > 0 && one.videoWidth > 0))).toBe(true);
  expect(await videos.evaluateAll((all) => all.every((one) => one.muted))).toBe(true);
});

test("a 3D scene is drawn and can be turned", async ({ page, open, widget }) => {
  await page.setViewportSize({ width: 640, height: 480 }); // drawn without a graphics card
  await open({ medium: ofDemo("knot", "glb"), items: 1, models: 2, k: 2 });
  const canvas = widget.option("A").locator("canvas");
  await expect(canvas).toBeVisible();
  await expect.poll(() => colours(page, canvas)).toBeGreaterThan(20);
  await expect(widget.element.getByText("could not be loaded")).toHaveCount(0);
  const before = await canvas.screenshot();
  const { x, y, width, height } = await canvas.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 120, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => before.equals(await canvas.screenshot())).toBe(false);
});

/** How many colours there are in what is seen of an element. */
async function colours(page, locator) {
  const png = (await locator.screenshot()).toString("base64");
  return page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer)).size;
  }, png);
}

test("the demo study shows every kind of medium, with no error and within the page's policy", async ({ page, serve, widget }) => {
  await page.setViewportSize({ width: 640, height: 480 });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
  });
  const server = await serve(demo);
  const response = await page.goto(server.page({ rater: "r1" }));
  expect(response.headers()["content-security-policy"]).toMatch(/default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  const kinds = new Set();
  for (let trial = 1; trial <= 12; trial++) {
    await widget.at(trial);
    const media = widget.options.locator("img, video, audio, canvas");
    await expect(media).toHaveCount(4);
    kinds.add(await media.first().evaluate((medium) => medium.localName));
    await expect(widget.element.getByText("could not be loaded")).toHaveCount(0);
    await widget.button("Skip").click();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  expect([...kinds].sort()).toEqual(["audio", "canvas", "img", "video"]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});
