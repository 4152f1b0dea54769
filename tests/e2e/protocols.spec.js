import { expect, test } from "./support/test.js";

/** The last stored vote once there are so many. */
async function lastVote(server, study, count) {
  await expect.poll(async () => (await server.votes(study.id)).length).toBe(count);
  return (await server.votes(study.id)).at(-1);
}

/** The ranking in letters of the screen, those of one level in order. */
const letters = (vote) =>
  vote.ranking.map((level) => level.map((model) => "ABCDEFGHIJKLMNOP"[vote.shown.indexOf(model)]).sort().join(""));

test("best: a click or a letter answers at once, and the order of the rest is left open", async ({ page, open, widget }) => {
  const { study, server } = await open({ protocol: "best" });
  await expect(widget.button("Submit")).toHaveCount(0);
  await widget.choose("C", "Best").click();
  await widget.at(2);
  let vote = await lastVote(server, study, 1);
  expect([vote.protocol, vote.outcome, letters(vote)]).toEqual(["best", "ranked", ["C", "ABD"]]);
  await page.keyboard.press("b");
  await widget.at(3);
  expect(letters(await lastVote(server, study, 2))).toEqual(["B", "ACD"]);
  await widget.button("All bad").click();
  await widget.at(4);
  vote = await lastVote(server, study, 3);
  expect([vote.outcome, vote.ranking]).toEqual(["all_bad", undefined]);
});

test("pairwise: a letter, t for a tie and x for both bad answer at once, and so do the buttons", async ({ page, open, widget }) => {
  const { study, server } = await open({ protocol: "pairwise", k: 2, trials: 9 });
  await expect(widget.options).toHaveCount(2);
  const answers = [
    [() => page.keyboard.press("b"), "ranked", ["B", "A"]],
    [() => page.keyboard.press("t"), "ranked", ["AB"]],
    [() => page.keyboard.press("x"), "all_bad"],
    [() => page.keyboard.press("s"), "skipped"],
    [() => widget.choose("A", "Better").click(), "ranked", ["A", "B"]],
    [() => widget.button("Tie").click(), "ranked", ["AB"]],
    [() => widget.button("Both bad").click(), "all_bad"],
    [() => widget.button("Can't judge").click(), "unable"],
  ];
  for (const [n, [answer, outcome, ranking]] of answers.entries()) {
    await widget.at(n + 1);
    await answer();
    const vote = await lastVote(server, study, n + 1);
    expect([vote.protocol, vote.outcome, vote.ranking && letters(vote)]).toEqual(["pairwise", outcome, ranking]);
  }
});

test("best-worst: both ends are named, and what lies between is left open", async ({ page, open, widget }) => {
  const { study, server } = await open({ protocol: "best-worst" });
  const submit = widget.button("Submit");
  await widget.choose("D", "Best").click();
  await expect(submit).toBeDisabled();
  await widget.choose("B", "Worst").click();
  await widget.choose("A", "Best").click();
  await expect(widget.choose("D", "Best")).toHaveAttribute("aria-pressed", "false");
  await submit.click();
  await widget.at(2);
  let vote = await lastVote(server, study, 1);
  expect([vote.protocol, letters(vote)]).toEqual(["best-worst", ["A", "CD", "B"]]);
  for (const key of ["c", "b", "Backspace", "a", "Enter"]) await page.keyboard.press(key);
  await widget.at(3);
  vote = await lastVote(server, study, 2);
  expect(letters(vote)).toEqual(["C", "BD", "A"]);
});

test("rate: every slider gives a number, and the numbers a ranking", async ({ page, open, widget }) => {
  const { study, server } = await open({ protocol: "rate" });
  const slider = (letter) => widget.element.getByRole("slider", { name: `Rating of option ${letter}` });
  await slider("A").fill("20");
  await slider("B").fill("90");
  await slider("C").fill("20");
  await expect(widget.button("Submit")).toBeDisabled();
  await slider("D").focus();
  await page.keyboard.press("ArrowRight");
  await widget.button("Submit").click();
  await widget.at(2);
  const vote = await lastVote(server, study, 1);
  const [a, b, c, d] = vote.shown;
  expect([vote.protocol, vote.ratings, letters(vote)]).toEqual(["rate", { [a]: 20, [b]: 90, [c]: 20, [d]: 51 }, ["B", "D", "AC"]]);
});

test("a study without ties or skipping offers neither", async ({ page, open, widget }) => {
  const { study, server } = await open({ ties: false, skip: false });
  await expect(widget.button("Skip")).toHaveCount(0);
  await page.keyboard.press("s");
  await widget.radio("A", 1).check();
  await widget.radio("B", 1).check();
  expect(await widget.ranks()).toEqual([null, 1, null, null]);
  for (const key of ["Shift+C", "c", "Shift+D", "d"]) await page.keyboard.press(key);
  expect(await widget.ranks()).toEqual([4, 1, 2, 3]);
  await page.keyboard.press("Enter");
  await widget.at(2);
  expect(letters(await lastVote(server, study, 1))).toEqual(["B", "C", "D", "A"]);
});

test("two criteria are asked of the same group, one after the other", async ({ page, open, widget }) => {
  const criteria = [
    { id: "looks", question: "Which looks best?" },
    { id: "prompt", question: "Which follows the prompt best?" },
  ];
  const { study, server } = await open({ criteria, trials: 2 });
  await expect(widget.question).toHaveText("Which looks best?");
  const shown = await widget.models();
  for (const key of ["a", "b", "c", "Enter"]) await page.keyboard.press(key);
  await expect(widget.question).toHaveText("Which follows the prompt best?");
  await widget.at(1);
  expect(await widget.models()).toEqual(shown);
  expect(await widget.ranks()).toEqual([null, null, null, null]);
  for (const key of ["d", "c", "b", "Enter"]) await page.keyboard.press(key);
  await widget.at(2);
  await expect(widget.question).toHaveText("Which looks best?");
  await page.keyboard.press("s");
  await expect(widget.question).toHaveText("All done. Thank you!");
  await lastVote(server, study, 4);
  const votes = await server.votes(study.id);
  expect(votes.map(({ seq, criterion, outcome }) => [seq, criterion, outcome])).toEqual([
    [0, "looks", "ranked"],
    [1, "prompt", "ranked"],
    [2, "looks", "skipped"],
    [3, "prompt", "skipped"],
  ]);
  expect(votes.slice(0, 2).map(letters)).toEqual([["A", "B", "C", "D"], ["D", "C", "B", "A"]]);
  expect(votes[1].trial_id).toBe(votes[0].trial_id);
  expect(new Set(votes.map((vote) => vote.id)).size).toBe(4);
});

test("after-vote: names are shown once the vote is given, and the next trial on request", async ({ page, open, widget }) => {
  const { study, server } = await open({ reveal: "after-vote", trials: 2 });
  const named = widget.element.getByText(/^Model [A-Z]/);
  await expect(named).toHaveCount(0);
  const shown = await widget.models();
  await widget.rankTruly();
  await expect(named).toHaveText(shown.map((model) => study.names[model]));
  await expect(widget.button("Skip")).toHaveCount(0);
  expect((await lastVote(server, study, 1)).shown).toEqual(shown.map((model) => study.models[model]));
  await widget.button("Next trial").click();
  await widget.at(2);
  await expect(named).toHaveCount(0);
  await page.keyboard.press("a");
  await page.keyboard.press("s");
  await expect(named).toHaveCount(4);
  await page.keyboard.press("Enter");
  await expect(widget.question).toHaveText("All done. Thank you!");
});

test("16 options can be ranked by letters", async ({ page, open, widget }) => {
  const { study, server } = await open({ models: 16, k: 16, items: 2 });
  await expect(widget.options).toHaveCount(16);
  await widget.models();
  const keys = [..."ponmlkjihgfedcb"];
  for (const key of keys) await page.keyboard.press(key);
  await expect(widget.radio("A", 16)).toBeChecked();
  await page.keyboard.press("Enter");
  await widget.at(2);
  expect(letters(await lastVote(server, study, 1))).toEqual([..."PONMLKJIHGFEDCBA"]);
});
