import { ofDemo } from "./support/demo.js";
import { demo } from "./support/paths.js";
import { expect, test } from "./support/test.js";

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
    const media = widget.options.locator("img, video, .waves, canvas");
    await expect(media).toHaveCount(4);
    kinds.add(await media.first().evaluate((medium) => medium.closest(".grid").dataset.kind));
    await expect(widget.element.getByText("could not be loaded")).toHaveCount(0);
    await widget.button("Skip").click();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  expect([...kinds].sort()).toEqual(["audio", "image", "scene", "video"]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});
