import { join } from "node:path";

import AxeBuilder from "@axe-core/playwright";

import { makeStudy, write } from "./support/study.js";
import { expect, test } from "./support/test.js";

const LETTERS = ["A", "B", "C", "D"];

/** So many lines, numbered, of words that only this model has. */
const lines = (count, word = "line") => Array.from({ length: count }, (_, n) => `${word} ${n}`).join("\n\n");

/** What of a trial's requests holds a part of a path. */
function requests(page, part) {
  const seen = [];
  page.on("request", (request) => request.url().includes(part) && seen.push(request.url()));
  return seen;
}

/** The scrolled part of each option, from 0 to 1, to a hundredth. */
const scrolled = (widget) =>
  widget.options.locator(".text").evaluateAll((all) =>
    all.map(({ scrollTop, scrollHeight, clientHeight }) => Math.round((100 * scrollTop) / (scrollHeight - clientHeight)) / 100),
  );

test("plain text is shown as it is written, without what Markdown needs", async ({ page, open, widget }) => {
  const loaded = requests(page, "/content/");
  const medium = (model) => ({ extension: "txt", bytes: `<b>Answer</b>  of length ${"x".repeat(model + 1)}\n\n**End**` });
  await open({ medium });
  for (const letter of LETTERS) {
    await expect(widget.option(letter).getByText(/^<b>Answer<\/b>\s+of length x+\s+\*\*End\*\*$/)).toBeVisible();
  }
  expect(loaded).toEqual([]);
});

test("a study of pictures loads nothing that is for texts, sounds or scenes", async ({ page, open, widget }) => {
  const loaded = requests(page, "/");
  await open();
  await widget.models();
  expect(loaded.filter((url) => /content|text|audio|video|scene|web[.-]/.test(new URL(url).pathname))).toEqual([]);
});

test("Markdown is formatted; headings come below the page's own", async ({ open, widget }) => {
  const source = "# Title\n\n### Part\n\nA *word* and `code`, [a page](https://example.org/).\n\n- one\n- two\n\n| a | b |\n|--|--:|\n| 1 | ~~2~~ |";
  await open({ medium: (model) => ({ extension: "md", bytes: `${source}\n\n${"x".repeat(model + 1)}` }) });
  for (const letter of LETTERS) {
    const option = widget.option(letter);
    await expect(option.getByRole("heading", { name: "Title", level: 4 })).toBeVisible();
    await expect(option.getByRole("heading", { name: "Part", level: 5 })).toBeVisible();
    await expect(option.getByRole("listitem")).toHaveText(["one", "two"]);
    await expect(option.getByRole("cell", { name: "2" }).locator("s")).toBeVisible();
    const link = option.getByRole("link", { name: "a page" });
    await expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
    await expect(link).toHaveAttribute("target", "_blank");
  }
});

test("a hostile document in Markdown does nothing and loads nothing", async ({ page, open, widget }) => {
  const leaks = requests(page, "leak");
  const hostile = `<script>window.hacked = 1</script>

<img src="/leak.png" onerror="window.hacked = 2"> ![picture](/leak2.png) ![p](https://example.org/leak3.png)

[one](javascript:window.hacked=3) [two](JaVaScRiPt&colon;window.hacked=4) <a href="javascript:window.hacked=5">three</a> [four](data:text/html,leak)

<iframe srcdoc="<script>top.hacked = 6</script>"></iframe><style>* { display: none }</style><svg onload="window.hacked=7">

[five](https://example.org/ "onmouseover=window.hacked=8") <b onclick="window.hacked=9" style="position:fixed">six</b>`;
  await open({ medium: () => ({ extension: "md", bytes: hostile }) });
  const option = widget.option("A");
  await expect(option.getByText("<script>window.hacked = 1</script>")).toBeVisible();
  for (const word of ["one", "two", "three", "six"]) await option.getByText(word).first().click();
  const found = await option.locator(".words *").evaluateAll((all) => ({
    names: [...new Set(all.map((one) => one.localName))].sort(),
    attributes: [...new Set(all.flatMap((one) => one.getAttributeNames()))].sort(),
    links: all.flatMap((one) => (one.href ? [one.href] : [])),
  }));
  expect(found).toEqual({
    names: ["a", "p", "pre", "span"],
    attributes: ["class", "dir", "href", "rel", "tabindex", "target"],
    links: ["https://example.org/"],
  });
  expect(await page.evaluate(() => window.hacked)).toBeUndefined();
  expect(leaks).toEqual([]);
});

test.describe("texts of different lengths", () => {
  const medium = (model) => ({ extension: "txt", bytes: lines(60 * (model + 1)) });

  test("scroll together by fraction, one of them on its own where the rater says so", async ({ page, open, widget }) => {
    await open({ medium });
    await expect(widget.options.locator(".text")).toHaveCount(4);
    await widget.option("B").locator(".text").evaluate((text) => (text.scrollTop = (text.scrollHeight - text.clientHeight) / 2));
    await expect.poll(() => scrolled(widget)).toEqual([0.5, 0.5, 0.5, 0.5]);
    await page.keyboard.press("3");
    await page.keyboard.press("End");
    await expect.poll(() => scrolled(widget)).toEqual([1, 1, 0.5, 1]);
    const lock = widget.option("C").getByRole("button", { name: "Scroll on its own" });
    await expect(lock).toHaveAttribute("aria-pressed", "true");
    await lock.click();
    await expect.poll(() => scrolled(widget)).toEqual([1, 1, 1, 1]);
    for (const key of ["PageUp", "ArrowUp"]) await page.keyboard.press(key);
    await expect.poll(async () => Math.max(...(await scrolled(widget)))).toBeLessThan(1);
    await widget.option("B").locator(".text").press("Home");
    await expect.poll(() => scrolled(widget)).toEqual([0, 0, 0, 0]);
  });

  test("say in the vote how far each was read", async ({ page, open, widget }) => {
    const { study, server } = await open({ medium, models: 4 });
    await expect(widget.options.locator(".text")).toHaveCount(4);
    await page.keyboard.press("1");
    await page.keyboard.press("End");
    await expect.poll(async () => (await scrolled(widget)).slice(1)).toEqual([1, 1, 1]);
    await widget.button("All bad").click();
    await widget.at(2);
    await widget.call("flush");
    const [vote] = await server.votes(study.id);
    const [first, ...rest] = vote.shown.map((model) => vote.exposure[model].scrolled);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(0.5);
    expect(rest).toEqual([1, 1, 1]);
  });
});

test("differences of two texts are marked, in each what only it has", async ({ page, open, widget }) => {
  const texts = ["The quick red fox jumps.", "The quick grey fox jumped high."];
  await open({ medium: (model) => ({ extension: "txt", bytes: texts[model] }), models: 2, k: 2 });
  const marks = () => widget.options.evaluateAll((all) => all.flatMap((one) => [...one.querySelectorAll("ins")].map((ins) => ins.textContent)).sort());
  const button = widget.button("Mark differences");
  await button.click();
  await expect.poll(marks).toEqual(["grey", "jumped high", "jumps", "red"]);
  await expect(button).toHaveAttribute("aria-pressed", "true");
  const line = await widget.options.locator("ins").first().evaluate((ins) => getComputedStyle(ins).textDecorationLine);
  expect(line).toBe("underline");
  await page.keyboard.press(".");
  await expect.poll(marks).toEqual([]);
  await expect(widget.options.getByText("The quick", { exact: false })).toHaveCount(2);
});

test("of more than two texts, the rater chooses which two are compared", async ({ open, widget }) => {
  const medium = (model) => ({ extension: "md", bytes: `Shared words, then **${["zero", "one", "two", "three", "four"][model]}**.` });
  await open({ medium, models: 4 });
  await widget.button("Mark differences").click();
  const marked = () => widget.options.evaluateAll((all) => all.map((one) => one.querySelectorAll("ins").length));
  await expect.poll(marked).toEqual([1, 1, 0, 0]);
  await widget.element.getByLabel("Second text to compare").selectOption("D");
  await expect.poll(marked).toEqual([1, 0, 0, 1]);
  await widget.element.getByLabel("First text to compare").selectOption("D");
  await expect(widget.element.getByLabel("Second text to compare")).toHaveValue("0");
  await widget.button("Mark differences").click();
  await expect(widget.options.locator("strong")).toHaveCount(4);
});

test.describe("where what finds differences cannot be loaded", () => {
  // A published file must be what it was: then this is no answer at all.
  test.use({ expectedErrors: /503|integrity/i });

  test("the page says so, and tries again when asked", async ({ page, open, widget }) => {
    await page.route("**/content/engine_bg*.wasm", (route) => route.fulfill({ status: 503 }), { times: 1 });
    await open({ medium: (model) => ({ extension: "txt", bytes: `text ${model}` }), models: 2, k: 2 });
    await widget.button("Mark differences").click();
    await expect(widget.element.locator(".toolbar").getByText("Differences could not be loaded.")).toBeVisible();
    await expect(widget.button("Mark differences")).toHaveAttribute("aria-pressed", "false");
    await widget.button("Mark differences").click();
    await expect(widget.options.locator("ins")).toHaveCount(2);
  });
});

test("each text runs as its own words do", async ({ open, widget }) => {
  const texts = ["English words", "مرحبا بالعالم", "# مرحبا\n\nEnglish again", "שלום"];
  const medium = (model) => ({ extension: model === 2 ? "md" : "txt", bytes: texts[model] });
  await open({ medium, models: 4 });
  await expect(widget.options.locator(".words")).toHaveCount(4);
  const direction = (text) => widget.options.getByText(text).evaluate((element) => getComputedStyle(element).direction);
  expect(await direction("English words")).toBe("ltr");
  expect(await direction("مرحبا بالعالم")).toBe("rtl");
  expect(await direction("English again")).toBe("ltr");
  expect(await widget.options.getByRole("heading", { name: "مرحبا" }).evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
});

test("byte order marks are no part of a text; one that is empty or too long says so", async ({ open, widget }) => {
  const texts = [
    Buffer.from("\ufeffmarked in UTF-8"),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("marked in UTF-16", "utf16le")]),
    Buffer.from(" \n"),
    Buffer.from("é word ".repeat(1_000_000)),
  ];
  await open({ medium: (model) => ({ extension: "txt", bytes: texts[model] }), models: 4 });
  await expect(widget.options.getByText("marked in UTF-8", { exact: true })).toBeVisible();
  await expect(widget.options.getByText("marked in UTF-16", { exact: true })).toBeVisible();
  await expect(widget.options.getByText("This text is empty.")).toBeVisible();
  await expect(widget.options.getByText("This text is too long to be shown whole. Here it is cut.")).toBeAttached();
});

test("a file that is no text says so, and the study goes on", async ({ open, widget }) => {
  const bytes = (model) => (model === 0 ? Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0xc3]) : `text ${model}`);
  await open({ medium: (model) => ({ extension: "txt", bytes: bytes(model) }), models: 4, trials: 2 });
  await expect(widget.options.getByText(/it is not text in UTF-8/i)).toBeVisible();
  await expect(widget.options.getByText(/^text \d$/)).toHaveCount(3);
  await widget.button("All bad").click();
  await widget.at(2);
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing to object to in Markdown and its differences, ${colorScheme}`, async ({ page, open, widget, folder }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const source = "## Section\n\n> quoted\n\n```\n" + "code ".repeat(60) + "\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[link](https://example.org) ![picture](x.png)\n\n";
    const medium = (model) => ({ extension: "md", bytes: source + lines(30, `word${model}`) });
    const { study, address } = await open({ medium, models: 3, k: 3 });
    const { file } = await makeStudy(join(folder, "study"), { id: "with-reference", medium, models: 3, k: 3 });
    for (const item of file.items) item.reference = item.outputs[study.models[0]];
    await write(study.folder, "study.json", JSON.stringify(file));
    await page.goto(address);
    await expect(widget.options.getByRole("heading", { name: "Section" })).toHaveCount(3);
    const check = async (what) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(" "))}`), what).toEqual([]);
    };
    await check("Markdown");
    await widget.button("Mark differences").click();
    await expect(widget.options.locator("ins").first()).toBeAttached();
    await check("differences");
  });
}
