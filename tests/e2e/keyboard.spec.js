import { focused } from "./support/focus.js";
import { expect, test } from "./support/test.js";

test("a whole session by keyboard alone, without a first click or a look for the focus", async ({ page, open, widget }) => {
  const { study, server } = await open({ trials: 4 });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  await test.step("letters rank, Backspace undoes, Enter submits", async () => {
    await press("c", "a");
    await expect(widget.live).toHaveText("Option A is rank 2.");
    await press("Enter");
    await press("Backspace");
    await expect(widget.live).toHaveText("The last pick is undone.");
    expect(await widget.ranks()).toEqual([null, null, 1, null]);
    await press("b", "d");
    expect(await widget.ranks()).toEqual([4, 2, 1, 3]);
    await press("Enter");
  });

  await test.step("Shift and a letter tie with the last pick; the next trial listens at once", async () => {
    await widget.at(2);
    await press("b", "Shift+D", "a");
    expect(await widget.ranks()).toEqual([2, 1, expect.any(Number), 1]);
    await press("Enter");
  });

  await test.step("s skips", async () => {
    await widget.at(3);
    await press("s");
  });

  await test.step("Tab reaches the prompt, the tools, every option's tools and controls, and every button, in that order", async () => {
    await widget.at(4);
    // The tools come with the pictures.
    await expect(widget.element.getByRole("button", { name: "Move on its own" })).toHaveCount(4);
    await expect(widget.button("Zoom out")).toBeVisible();
    const stops = [];
    for (let stop = ""; stop !== "Can't judge" && stops.length < 40; stops.push(stop)) {
      await press("Tab");
      stop = await focused(page);
    }
    const tools = (letter) => `Option ${letter}: Move on its own`;
    const options = ["A", "B", "C", "D"].flatMap((letter) => [tools(letter), `Option ${letter}: Next best`, `Option ${letter}: radio`]);
    const prompt = await widget.prompt.innerText();
    expect(stops).toEqual([prompt, "Pictures: Zoom out", ...options, "Undo", "Skip", "All bad", "Can't judge"]);
  });

  await test.step("buttons and radios work by Space, Enter and arrow keys, letters also while they have the focus", async () => {
    await widget.radio("B", 1).focus();
    await press("Space");
    await press("ArrowRight");
    await expect(widget.radio("B", 2)).toBeChecked();
    await widget.nextBest("C").focus();
    await press("Enter");
    await expect(widget.radio("C", 1)).toBeChecked();
    await press("d");
    expect(await widget.ranks()).toEqual([4, 2, 1, 3]);
    await press("Tab");
    for (let n = 0; n < 12 && (await focused(page)) !== "Submit"; n++) await press("Tab");
    await press("Space");
    await expect(widget.question).toHaveText("All done. Thank you!");
  });

  await widget.call("flush");
  const votes = await server.votes(study.id);
  const byLetters = (vote) =>
    vote.ranking?.map((level) => level.map((model) => "ABCD"[vote.shown.indexOf(model)]).sort().join(""));
  expect(votes.map((vote) => [vote.outcome, byLetters(vote)])).toEqual([
    ["ranked", ["C", "B", "D", "A"]],
    ["ranked", ["BD", "A", "C"]],
    ["skipped", undefined],
    ["ranked", ["C", "B", "D", "A"]],
  ]);
});

test("after a vote by mouse the keys work on without a click", async ({ page, open, widget }) => {
  await open();
  await widget.rankTruly();
  await widget.at(2);
  await page.keyboard.press("d");
  await expect(widget.radio("D", 1)).toBeChecked();
  await widget.button("Skip").click();
  await widget.at(3);
  await page.keyboard.press("a");
  await expect(widget.radio("A", 1)).toBeChecked();
});

test("shortcuts=off leaves letters to the page; Enter and Backspace still work", async ({ page, open, widget }) => {
  await open({}, { shortcuts: "off" });
  for (const key of ["a", "Shift+B", "s"]) await page.keyboard.press(key);
  await widget.nextBest("C").click();
  expect(await widget.ranks()).toEqual([null, null, 1, null]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Backspace");
  expect(await widget.ranks()).toEqual([null, null, null, null]);
  for (const letter of ["D", "C", "B"]) await widget.nextBest(letter).click();
  await page.keyboard.press("Enter");
  await widget.at(2);
});

test("keys with Ctrl, Alt or Meta stay the browser's", async ({ page, open, widget }) => {
  await open();
  for (const key of ["Control+a", "Alt+b", "Meta+c"]) await page.keyboard.press(key);
  await page.keyboard.press("d");
  expect(await widget.ranks()).toEqual([null, null, null, 1]);
});
