import { expect, test } from "./support/test.js";
import { events, recordEvents } from "./support/widget.js";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test("a whole session by mouse ends with a true leaderboard, and every vote in the database", async ({ page, open, widget }) => {
  await recordEvents(page);
  const { study, server } = await open({ trials: 10, reveal: "at-end" });
  const submit = widget.button("Submit");
  /** What each vote should say of the models, which are counted from 0 for the best. */
  const expected = [];
  const id = (model) => study.models[model];
  const note = (shown, outcome, ranking) =>
    expected.push({ shown: shown.map(id), outcome, ranking: ranking?.map((level) => level.map(id)) });
  const place = (letter) => letter.charCodeAt(0) - 65;
  await expect(widget.button("Leaderboard")).toHaveCount(0);

  await test.step("Next best gives the next free rank, and the last option takes the last one", async () => {
    await expect(widget.question).toBeVisible();
    await expect(widget.options).toHaveCount(4);
    const shown = await widget.models();
    const [first, second, third, last] = await widget.bestFirst();
    await expect(submit).toBeDisabled();
    await widget.nextBest(first).click();
    await expect(widget.radio(first, 1)).toBeChecked();
    await expect(widget.live).toHaveText(`Option ${first} is rank 1.`);
    await widget.nextBest(second).click();
    await expect(widget.radio(second, 2)).toBeChecked();
    await expect(submit).toBeDisabled();
    await widget.nextBest(third).click();
    await expect(widget.radio(last, 4)).toBeChecked();
    await expect(widget.live).toHaveText(`Option ${third} is rank 3. Option ${last} takes rank 4. All are ranked.`);
    await submit.click();
    note(shown, "ranked", [...shown].sort().map((model) => [model]));
  });

  await test.step("equal radios are a tie, ranks can be changed, and Undo takes one pick back", async () => {
    await widget.at(2);
    await expect(submit).toBeDisabled();
    const shown = await widget.models();
    const [first, second, third, last] = await widget.bestFirst();
    await widget.radio(last, 4).check();
    await widget.radio(first, 2).check();
    await widget.radio(first, 1).check();
    await widget.radio(second, 2).check();
    await expect(submit).toBeEnabled();
    await widget.button("Undo").click();
    await expect(submit).toBeDisabled();
    await expect(widget.radio(second, 2)).not.toBeChecked();
    await expect(widget.radio(third, 3)).not.toBeChecked();
    await widget.radio(second, 2).check();
    await widget.radio(third, 2).check();
    await submit.click();
    const models = [first, second, third, last].map((letter) => shown[place(letter)]);
    const tied = shown.filter((model) => model === models[1] || model === models[2]);
    note(shown, "ranked", [[models[0]], tied, [models[3]]]);
  });

  for (const [trial, button, outcome] of [
    [3, "All bad", "all_bad"],
    [4, "Skip", "skipped"],
    [5, "Can't judge", "unable"],
  ]) {
    await test.step(`${button} ends a trial, whatever was picked before`, async () => {
      await widget.at(trial);
      note(await widget.models(), outcome);
      await widget.nextBest("B").click();
      await widget.button(button).click();
    });
  }

  await test.step("progress counts up to the end", async () => {
    for (let trial = 6; trial <= 10; trial++) {
      await widget.at(trial);
      await expect(widget.element.getByRole("progressbar", { name: "Progress", exact: true })).toHaveJSProperty("value", trial - 1);
      const shown = await widget.models();
      note(shown, "ranked", [...shown].sort().map((model) => [model]));
      await widget.rankTruly();
    }
    await expect(widget.question).toHaveText("All done. Thank you!");
    await expect(widget.progress).toHaveText("10 of 10");
    await expect(widget.element.getByText("All of them have arrived. You can close this page.")).toBeVisible();
  });

  await test.step("the leaderboard has the models in their true order", async () => {
    await widget.button("See the leaderboard").click();
    const rows = widget.element.getByRole("row");
    await expect(rows).toHaveCount(1 + study.names.length);
    await expect(widget.element.getByRole("rowheader")).toHaveText(study.names);
    const standings = await widget.call("leaderboard");
    expect(standings.map((row) => row.model)).toEqual(study.models);
    expect(standings.map((row) => row.rank)).toEqual([1, 2, 3, 4, 5]);
    await expect(widget.element.getByRole("columnheader", { name: "Log-worth" })).toBeVisible();
    const cells = await rows.nth(1).getByRole("cell").allInnerTexts();
    const { score, votes } = standings[0];
    expect(cells[0]).toMatch(/^1(–\d)?$/);
    expect(cells[3]).toMatch(/^>?\d+%$/);
    expect(cells.slice(4)).toEqual([score.toFixed(2), String(votes)]);
    const served = await (await page.request.get(`${server.url}api/leaderboard?study=e2e`)).json();
    expect(served.map(({ model, rank, votes }) => [model, rank, votes])).toEqual(
      standings.map(({ model, rank, votes }) => [model, rank, votes]),
    );
    await widget.button("Back").click();
    await expect(widget.question).toHaveText("All done. Thank you!");
  });

  await test.step("every vote is in the database with all that the record promises", async () => {
    await widget.call("flush");
    const votes = await server.votes(study.id);
    expect(votes.map(({ shown, outcome, ranking }) => ({ shown, outcome, ranking: ranking && sortedLevels(ranking, shown) }))).toEqual(
      expected.map(({ ranking, ...vote }) => ({ ...vote, ranking: ranking && sortedLevels(ranking, vote.shown) })),
    );
    expect(votes.map((vote) => vote.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const key of ["id", "trial_id"]) expect(new Set(votes.map((vote) => vote[key])).size).toBe(10);
    expect(new Set(votes.map((vote) => vote.session)).size).toBe(1);
    for (const vote of votes) checkRecord(vote, study);
    expect(await widget.call("votes")).toEqual(votes);
    expect((await events(page, "k-sort-vote")).map((event) => event.detail)).toEqual(votes);
    expect((await events(page, "k-sort-complete")).length).toBe(1);
  });
});

test("how long an answer took does not follow a clock that is set to another time", async ({ page, open, widget }) => {
  const years = [0, -30, 20];
  await open({ trials: years.length });
  for (const [n, by] of years.entries()) {
    await widget.at(n + 1);
    await page.evaluate((ms) => {
      window.trueNow ??= Date.now;
      Date.now = () => window.trueNow() + ms;
    }, by * 365 * 24 * 3_600_000);
    await widget.rankTruly();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  const sinceOpened = await page.evaluate(() => performance.now());
  const votes = await widget.call("votes");
  expect(votes).toHaveLength(years.length);
  for (const { duration_ms, exposure } of votes) {
    const visible = Object.values(exposure).map(({ visible_ms }) => visible_ms);
    expect(duration_ms + 5).toBeGreaterThanOrEqual(Math.max(1, ...visible));
    expect(duration_ms).toBeLessThanOrEqual(sinceOpened);
  }
  expect(votes[1].submitted_at < votes[0].submitted_at && votes[0].submitted_at < votes[2].submitted_at).toBe(true);
});

/** Models that share a rank, in screen order. */
function sortedLevels(ranking, shown) {
  return ranking.map((level) => [...level].sort((a, b) => shown.indexOf(a) - shown.indexOf(b)));
}

function checkRecord(vote, study) {
  expect(vote).toMatchObject({
    v: 1,
    study: study.id,
    rater: "r1",
    trial: "main",
    criterion: "overall",
    protocol: "rank",
    client: { app: expect.stringMatching(/^\d+\.\d+\.\d+/), viewport: [1280, 720], dpr: 1 },
  });
  expect(vote.session).toBeTruthy();
  expect(vote.id).toMatch(UUID_V7);
  expect(vote.trial_id).toMatch(UUID_V7);
  expect(study.file.items.map((item) => item.id)).toContain(vote.item);
  expect(vote.shown_at).toMatch(TIME);
  expect(vote.submitted_at).toMatch(TIME);
  expect(Date.parse(vote.submitted_at) - Date.parse(vote.shown_at)).toBe(vote.duration_ms);
  expect(Object.keys(vote.exposure).sort()).toEqual([...vote.shown].sort());
  for (const seen of Object.values(vote.exposure)) {
    expect(seen.visible_ms).toBeGreaterThan(0);
    // Two clocks, of which one counts whole milliseconds.
    expect(seen.visible_ms).toBeLessThanOrEqual(vote.duration_ms + 5);
  }
}
