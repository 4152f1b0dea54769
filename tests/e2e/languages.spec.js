import { join } from "node:path";

import { wav } from "./support/media.js";
import { makeStudy } from "./support/study.js";
import { expect, test as base } from "./support/test.js";

const test = base.extend({
  /** Makes a study with these keys, opens its page with these parameters, and gives what the page asked for. */
  openIn: async ({ folder, serve, page, widget }, use) => {
    await use(async (parameters, keys = {}) => {
      const asked = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      const { folder: study } = await makeStudy(join(folder, "study"), keys);
      const server = await serve(study);
      await page.goto(server.page({ rater: "r1", ...parameters }));
      await expect(widget.element.locator(".toolbar .tools.end button")).toHaveCount(2);
      return asked;
    });
  },
});

const tools = (widget, name) => widget.element.getByRole("toolbar", { name, exact: true });
/** Where an element begins, in CSS pixels from the left. */
const left = async (locator) => (await locator.boundingBox()).x;

test("English loads no words", async ({ openIn, widget }) => {
  const asked = await openIn({});
  await expect(tools(widget, "Tools of all panels")).toBeVisible();
  expect(asked.filter((path) => path.includes("/words/"))).toEqual([]);
});

test("the words are those of the attribute lang, and no others are loaded", async ({ openIn, page, widget }) => {
  const asked = await openIn({ lang: "fr-CA" });
  await expect(tools(widget, "Outils de l’option A")).toBeVisible();
  await widget.button("Touches").click();
  await expect(widget.element.getByRole("dialog", { name: "Touches" }).getByText("Images entières")).toBeVisible();
  await page.keyboard.press("Escape");
  const words = asked.filter((path) => path.includes("/words/"));
  expect(words).toEqual([expect.stringMatching(/\/words\/fr\b[-\w]*\.json$/)]);
});

test.describe("in a German browser", () => {
  test.use({ locale: "de-AT" });

  test("the words are German where nothing else is asked for", async ({ openIn, widget }) => {
    await openIn({});
    await expect(tools(widget, "Werkzeuge für alle Felder")).toBeVisible();
  });

  test("they are English where the page says so", async ({ openIn, widget }) => {
    await openIn({ lang: "en" });
    await expect(tools(widget, "Tools of all panels")).toBeVisible();
  });
});

test.describe("where words are out of reach", () => {
  // A published file must be what it was: then this is no answer at all.
  test.use({ expectedErrors: /Failed to load resource|integrity/i });

  test("the widget speaks English, and the console is told", async ({ openIn, page, widget }) => {
    const warned = page.waitForEvent("console", (message) => message.type() === "warning" && message.text().includes("words"));
    await page.route("**/words/ja*.json", (route) => route.fulfill({ status: 503, body: "" }));
    await openIn({ lang: "ja" });
    expect((await warned).text()).toMatch(/ja\b[-\w]*\.json: (the server answered 503|Failed to fetch)/);
    await expect(tools(widget, "Tools of all panels")).toBeVisible();
  });
});

test("Arabic runs from right to left, pictures beside a line and what is counted do not", async ({ openIn, page, widget }) => {
  await openIn({ lang: "ar" });
  const options = widget.element.locator(".option");
  expect(await left(options.nth(0))).toBeGreaterThan(await left(options.nth(1)));
  const [keys, smaller] = [widget.button("المفاتيح"), widget.button("تصغير")];
  expect(await left(smaller), "tools begin on the right").toBeGreaterThan(await left(keys));
  await smaller.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(widget.button("تكبير")).toBeFocused();
  await page.keyboard.press("w");
  const sides = ["الصورة اليسرى", "الصورة اليمنى"].map((name) => widget.element.getByRole("combobox", { name }));
  await expect(sides[0]).toBeVisible();
  expect(await left(sides[0])).toBeLessThan(await left(sides[1]));
});

test("in Arabic time goes from left to right", async ({ openIn, page, widget }) => {
  await openIn({ lang: "ar" }, { medium: () => ({ extension: "wav", bytes: wav(440, 4) }), audio: { volume_check: false } });
  const waves = widget.element.locator(".waves");
  await expect(waves).toHaveCount(4);
  const start = widget.button("بدء الاستماع");
  if (await start.isVisible()) await start.click();
  const seek = widget.element.getByRole("slider", { name: "الموضع" });
  expect(await left(widget.element.locator(".transport button").first())).toBeLessThan(await left(seek));
  const { x, y, width, height } = await waves.first().boundingBox();
  await page.mouse.click(x + width / 4, y + height / 2);
  await expect.poll(() => seek.evaluate((slider) => slider.valueAsNumber / slider.max)).toBeCloseTo(0.25, 1);
  // The letter stands on the right, and covers none of the sound.
  const letter = await widget.element.locator(".option .letter").first().boundingBox();
  expect(letter.x).toBeGreaterThanOrEqual(x + width);
});
