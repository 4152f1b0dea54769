import { expect, test } from "./support/test.js";
import { stored, Widget } from "./support/widget.js";

/** All that a rater would notice to be different. */
async function seen(widget) {
  return {
    progress: await widget.progress.innerText(),
    prompt: await widget.prompt.innerText(),
    models: await widget.models(),
    ranks: await widget.ranks(),
  };
}

test("a reload in the middle of a trial changes nothing, and Undo still knows the picks", async ({ page, open, widget }) => {
  const { study, server } = await open({ trials: 3 });
  await widget.rankTruly();
  await widget.at(2);
  await widget.nextBest("C").click();
  await widget.nextBest("A").click();
  await widget.nextBest("B").click();
  await widget.button("Undo").click();
  expect(await widget.ranks()).toEqual([2, null, 1, null]);
  const before = await seen(widget);
  await stored(page);
  await page.reload();
  await widget.at(2);
  expect(await seen(widget)).toEqual(before);
  await widget.button("Undo").click();
  expect(await widget.ranks()).toEqual([null, null, 1, null]);
  await widget.nextBest("A").click();
  await widget.nextBest("D").click();
  await widget.button("Submit").click();
  await widget.at(3);
  await widget.call("flush");
  const votes = await server.votes(study.id);
  expect(votes.map((vote) => vote.seq)).toEqual([0, 1]);
  expect(votes[1].shown).toEqual(before.models.map((model) => study.models[model]));
  expect(new Set(votes.map((vote) => vote.session)).size).toBe(1);
});

test("a closed tab resumes in a new one, and after the last trial stays at the end", async ({ context, page, open, widget }) => {
  const { study, server, address } = await open({ trials: 2 });
  await widget.rankTruly();
  await widget.at(2);
  await widget.radio("D", 3).check();
  const before = await seen(widget);
  await stored(page);
  await page.close();

  const tab = await context.newPage();
  const again = new Widget(tab.locator("k-sort"));
  await tab.goto(address);
  await again.at(2);
  expect(await seen(again)).toEqual(before);
  await again.button("All bad").click();
  await expect(again.question).toHaveText("All done. Thank you!");
  await tab.reload();
  await expect(again.question).toHaveText("All done. Thank you!");
  await expect(again.element.getByText("You gave 2 answers.")).toBeVisible();
  await again.call("flush");
  expect((await server.votes(study.id)).map((vote) => vote.outcome)).toEqual(["ranked", "all_bad"]);
});

test("another rater on the same device has a session of their own", async ({ page, open, widget }) => {
  const { address } = await open({ trials: 2 });
  await widget.rankTruly();
  await widget.at(2);
  await page.goto(address.replace("rater=r1", "rater=r2"));
  await widget.at(1);
  expect(await widget.ranks()).toEqual([null, null, null, null]);
  await page.goto(address);
  await widget.at(2);
});

test("one trial answered in two tabs counts once, and the second tab says so", async ({ context, page, open, widget }) => {
  const { study, server, address } = await open({ trials: 3 });
  await stored(page);
  const tab = await context.newPage();
  const second = new Widget(tab.locator("k-sort"));
  await tab.goto(address);
  await second.at(1);
  expect(await second.models()).toEqual(await widget.models());
  await widget.rankTruly();
  await widget.at(2);
  await second.button("Skip").click();
  await expect(second.element.getByRole("alert")).toContainText("in another tab");
  await second.at(2);
  expect(await second.models()).toEqual(await widget.models());
  await widget.call("flush");
  await second.call("flush");
  expect((await server.votes(study.id)).map((vote) => vote.outcome)).toEqual(["ranked"]);
});
