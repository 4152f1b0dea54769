import { wav } from "./support/media.js";
import { expect, test } from "./support/test.js";

test("nothing can be submitted before every option was on screen long enough, and what is missing is said", async ({ page, open, widget }) => {
  await page.clock.install();
  const { study, server } = await open({ gate: { visible_ms: 600_000, loaded: true } });
  await widget.models();
  for (const letter of ["A", "B", "C"]) await widget.nextBest(letter).click();
  await expect(widget.button("Submit")).toBeDisabled();
  await page.clock.runFor(1_000);
  await expect(widget.element.getByText(/^Look at option A for 5\d\d s more$/)).toBeVisible();
  await page.keyboard.press("Enter");
  await widget.button("All bad").click();
  await expect(widget.live).toHaveText(/^Look at option A for 5\d\d s more\.\s?$/);
  await page.clock.runFor(601_000);
  await expect(widget.button("Submit")).toBeEnabled();
  await widget.button("Submit").click();
  await widget.at(2);
  await widget.call("flush");
  const [vote] = await server.votes(study.id);
  for (const model of vote.shown) expect(vote.exposure[model].visible_ms).toBeGreaterThanOrEqual(600_000);
});

test("an option that is scrolled out of sight is not seen", async ({ page, open, widget }) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await page.clock.install();
  await open({ models: 9, k: 9, gate: { visible_ms: 60_000 } });
  await widget.models();
  await expect(widget.element.locator(".hint"), "it is being looked at").toHaveText("Look at option A for 59 s more");
  await page.clock.runFor(61_000);
  await expect(widget.element.locator(".hint")).toHaveText(/^Look at option [E-I] for 60 s more$/);
  await widget.option("I").scrollIntoViewIfNeeded();
  await page.clock.runFor(61_000);
  await expect(widget.element.locator(".hint")).not.toHaveText(/option I/);
});

test("who cannot judge or passes need not have seen anything", async ({ open, widget }) => {
  await open({ gate: { visible_ms: 600_000 } });
  await widget.models();
  await widget.button("Can't judge").click();
  await widget.at(2);
  await widget.button("Skip").click();
  await widget.at(3);
});

test("a pick that would answer at once waits as well", async ({ page, open, widget }) => {
  await page.clock.install();
  await open({ protocol: "best", gate: { visible_ms: 60_000 } });
  await widget.models();
  await widget.choose("B", "Best").click();
  await expect(widget.live).toHaveText(/^Look at option A for \d\d s more\.\s?$/);
  await widget.at(1);
  await page.clock.runFor(61_000);
  await widget.choose("B", "Best").click();
  await widget.at(2);
});

test.describe("where a medium is missing", () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test("the gate says which, and the study goes on by `Can't judge`", async ({ page, open, widget }) => {
    let first = true;
    await page.route("**/media/**", (route) => (first ? ((first = false), route.abort()) : route.continue()));
    await open({ gate: { loaded: true } });
    await expect(widget.element.getByText("This option could not be loaded.")).toBeVisible();
    await expect(widget.element.locator(".hint")).toHaveText(/^Option [A-D] is not loaded yet$/);
    await widget.button("Can't judge").click();
    await widget.at(2);
  });
});

test("sounds have to be played as far as the gate says", async ({ open, widget }) => {
  await open({ medium: (model) => ({ extension: "wav", bytes: wav(220 + 110 * model, 5) }), gate: { played: 0.9 }, audio: { volume_check: false } });
  for (const letter of ["A", "B", "C"]) await widget.nextBest(letter).click();
  await expect(widget.button("Submit")).toBeDisabled();
  await expect(widget.element.getByText("Play more of option A: 0% of 90%")).toBeVisible();
});

test("time stands still for pictures that another one covers", async ({ page, open, widget }) => {
  await page.clock.install();
  await open({ gate: { visible_ms: 60_000 } });
  await widget.models();
  const hint = widget.element.locator(".hint");
  await expect(hint, "all are being looked at").toHaveText("Look at option A for 59 s more");
  await widget.button("Compare in one place").click();
  await expect(widget.element.getByRole("group", { name: "In one place: option A" })).toBeVisible();
  await page.clock.runFor(61_000);
  await expect(hint, "A was").toHaveText(/^Look at option B for 5\d s more$/);
  await page.keyboard.press("Escape");
  await page.clock.runFor(61_000);
  await expect(hint).toHaveText("Rank every option, best first");
});

test("time stands still for options behind one in full screen", async ({ page, open, widget }) => {
  await page.clock.install();
  await open({ gate: { visible_ms: 60_000 } });
  await widget.models();
  const hint = widget.element.locator(".hint");
  await expect(hint).toHaveText("Look at option A for 59 s more");
  await widget.choose("A", "Show option A in full screen").click();
  await expect.poll(() => widget.element.evaluate((element) => element.shadowRoot.fullscreenElement?.className)).toBe("frame");
  await page.clock.runFor(61_000);
  await expect(hint).toHaveText(/^Look at option B for 5\d s more$/);
});

test("a sound that is over is not played by waiting while a longer one goes on", async ({ page, open, widget }) => {
  const medium = (model) => ({ extension: "wav", bytes: wav(220, model === 0 ? 1 : 8) });
  const { study } = await open({ medium, models: 2, k: 2, items: 1, trials: 1, audio: { volume_check: false } });
  await expect(widget.options.locator(".waves")).toHaveCount(2);
  // Some browsers let a page sound without it.
  if (await widget.button("Start listening").isVisible()) await widget.button("Start listening").click();
  await widget.element.getByLabel("Position").fill("4");
  const time = widget.element.locator(".time");
  for (const key of ["1", "2"]) {
    await page.keyboard.press(key);
    const before = await time.innerText();
    await expect(time).not.toHaveText(before);
  }
  // A stretch is told when it ends.
  await page.keyboard.press("Space");
  await expect(widget.button("Play")).toBeVisible();
  await widget.button("All bad").click();
  await expect(widget.question).toHaveText("All done. Thank you!");
  const [vote] = await widget.call("votes");
  expect(vote.exposure[study.models[0]].parts_ms ?? []).toEqual([]);
  expect(vote.exposure[study.models[1]].parts_ms).toHaveLength(1);
});
