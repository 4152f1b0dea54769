import { expectAccessible } from "./support/accessibility.js";
import { focused, tabTo } from "./support/focus.js";
import { onPage, rankAsShown, TWO, walk, WHOLE_PATH } from "./support/path.js";
import { expect, test } from "./support/test.js";
import { stored } from "./support/widget.js";

const QUESTIONS = (keys) => [{ id: "q", title: "A question", when: "before", questions: [{ id: "one", ...keys }] }];

/** What a record is of. */
const kindOf = ({ trial, page }) => page ?? trial;

test("a rater walks the whole path, and every step of it is on record", async ({ enter, widget }) => {
  const { server, study } = await enter(WHOLE_PATH);
  await walk(widget);
  await widget.call("flush");
  const votes = await server.votes(study.id);
  expect(votes.map(kindOf)).toEqual([
    "consent", "check", "questions:you", "practice", "main", "main", "attention", "questions:task",
  ]);
  expect(votes.map(({ seq }) => seq)).toEqual(votes.map((_, n) => n));
  const of = (kind) => votes.filter((vote) => kindOf(vote) === kind);
  expect(of("check")[0].answers).toMatchObject({ width: 1280, height: 720, dpr: 1 });
  expect(of("questions:you")[0].answers).toEqual({ age: 34, screen: "a computer", uses: ["a pencil"] });
  expect(of("questions:task")[0].answers).toEqual({ ease: 5, remarks: "No, that was all." });
  expect(of("practice")[0].ranking).toEqual([["plain"], ["spoilt"]]);
  expect(of("attention")[0].ranking).toEqual([["spoilt"], ["plain"]]);
  expect(of("main")[0]).toMatchObject({ reasons: ["sharper"], comment: "The first one is crisp." });
  expect(of("main")[1]).not.toHaveProperty("reasons");
  expect(of("main")[1]).not.toHaveProperty("comment");
  const board = await widget.call("leaderboard");
  expect(board.map(({ model }) => model).sort()).toEqual([...study.models].sort());
});

for (const [name, device] of [["desktop", {}], ["phone", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }]]) {
  test.describe(`on a ${name}`, () => {
    test.use(device);

    test("axe finds nothing to object to on any page of the path", async ({ enter, page, widget }) => {
      test.slow();
      await enter(WHOLE_PATH);
      await walk(widget, (what) => expectAccessible(page, what));
    });
  });
}

test("the whole path by keyboard alone, the focus at the heading of each page", async ({ enter, page, widget }) => {
  const { server, study } = await enter({ ...WHOLE_PATH, attention: undefined });
  const { keyboard } = page;
  const at = async (heading) => {
    await onPage(widget, heading);
    await expect.poll(() => focused(page)).toBe(heading);
  };
  const press = async (name, key = "Enter") => {
    await tabTo(page, name);
    await keyboard.press(key);
  };
  const answer = async (letters) => {
    for (const letter of letters) await keyboard.press(letter);
    await keyboard.press("Enter");
  };

  await onPage(widget, "Before you start");
  await press("Yes, I agree");
  await at("Can your device show this study?");
  await press("Go on");
  await at("About you");
  await keyboard.press("Tab");
  await keyboard.type("34");
  await press("radio", "Space");
  await press("Go on");
  await at("How it works");
  await press("Next");
  await expect.poll(() => focused(page)).toMatch(/^Page 2 of 2/);
  await press("Go on");
  await widget.models();
  await answer("ab");
  await expect(widget.question).toHaveText(/That is right|Not quite/);
  await press("Go on");
  await widget.models();
  await press("Reasons: closer to the prompt", "Space");
  await press("Comment");
  await keyboard.type("abcd is text here");
  await keyboard.press("Escape");
  expect(await widget.ranks()).toEqual([null, null, null, null]);
  for (const letter of "dcba") await keyboard.press(letter);
  // Enter would open the comment again, which has the focus.
  await press("Submit");
  await at("Time for a short break");
  await press("Go on");
  await widget.models();
  await answer("abcd");
  await at("About the task");
  await press("radio", "Space");
  await keyboard.press("ArrowRight");
  await press("Go on");
  await at("Before you go");
  await press("Go on");
  await onPage(widget, "All done. Thank you!");

  await widget.call("flush");
  const votes = await server.votes(study.id);
  expect(votes.filter(({ trial }) => trial === "main").map(({ reasons, comment }) => [reasons, comment])).toEqual([
    [["prompt"], "abcd is text here"],
    [undefined, undefined],
  ]);
  expect(votes.find(({ page }) => page === "questions:task").answers).toEqual({ ease: 2 });
});

test("a rater who does not agree leaves nothing behind, in the browser or at the back end", async ({ enter, page, widget }) => {
  const sent = [];
  page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
  await enter({ consent: "You compare pictures." });
  await onPage(widget, "Before you start");
  await widget.button("I do not agree").click();
  await expect(widget.question).not.toHaveText("Before you start");
  await expect(widget.options).toHaveCount(0);
  expect(sent).toEqual([]);
  const kept = await page.evaluate(async () => [(await indexedDB.databases()).length, localStorage.length, sessionStorage.length, document.cookie]);
  expect(kept).toEqual([0, 0, 0, ""]);
});

test("as many failed checks of attention as the study says end the session, after a warning", async ({ enter, page, widget }) => {
  const { study, server } = await enter({
    trials: 3,
    attention: {
      then: "end",
      fails: 2,
      warning: "Please **look** again.",
      checks: [
        { type: "known", outputs: TWO, best: "plain", at: 1 },
        { type: "instructed", outputs: TWO, question: "Rank option B first.", option: "B", at: 2 },
      ],
    },
  });
  await widget.rankTruly();
  await expect(widget.options).toHaveCount(2);
  const [, second] = await widget.bestFirst();
  await widget.nextBest(second).click();
  await widget.button("Submit").click();
  await onPage(widget, "Please look closely");
  await expect(widget.element.getByText("Please look again.")).toBeVisible();
  await widget.button("Go on").click();
  await widget.models();
  await widget.rankTruly();
  await expect(widget.question).toHaveText("Rank option B first.");
  await rankAsShown(widget);
  await expect(widget.options).toHaveCount(0);
  await widget.call("flush");
  const votes = await server.votes(study.id);
  expect(votes.filter(({ trial }) => trial !== "page").map(({ trial }) => trial)).toEqual(["main", "attention", "main", "attention"]);
  await page.reload();
  await expect(widget.element.getByRole("heading", { level: 2 })).toBeVisible();
  await expect(widget.options).toHaveCount(0);
});

test("a number that may be two is asked for again", async ({ enter, widget }) => {
  await enter({ questions: QUESTIONS({ type: "number", question: "How many?", whole: true }), trials: 1 });
  for (const typed of ["12,000", "12.000", "١٢,٠٠٠"]) {
    await widget.element.getByLabel("How many?").fill(typed);
    await widget.button("Go on").click();
    await expect(widget.element.getByText("Please enter the number without marks between thousands.")).toBeVisible();
  }
  await widget.element.getByLabel("How many?").fill("12000");
  await widget.button("Go on").click();
  await widget.models();
  expect((await widget.call("votes")).map(({ answers }) => answers)).toEqual([{ one: 12_000 }]);
});

test("who gives an answer that a study does not look for is screened out, and the answer is on record", async ({ enter, widget }) => {
  const { server, study } = await enter({ questions: QUESTIONS({ type: "number", question: "How old are you?", accept: [18, 99] }) });
  await onPage(widget, "A question");
  await widget.element.getByLabel("How old are you?").fill("17");
  await widget.button("Go on").click();
  await expect(widget.question).not.toHaveText("A question");
  await expect(widget.options).toHaveCount(0);
  await widget.call("flush");
  expect((await server.votes(study.id)).map(({ answers }) => answers)).toEqual([{ one: 17 }]);
});

test.describe("a device check", () => {
  test("follows the size of the window, and lets nobody by whose window is too small", async ({ enter, page, widget }) => {
    await page.setViewportSize({ width: 600, height: 700 });
    await enter({ check: { width: 800 } });
    await expect(widget.element.getByText("The window is too small.")).toBeVisible();
    await expect(widget.button("Go on")).toBeDisabled();
    await page.setViewportSize({ width: 900, height: 700 });
    await expect(widget.element.getByText("The window is large enough.")).toBeVisible();
    await widget.button("Go on").click();
    await widget.models();
  });

  test("can be given up, which ends the session", async ({ enter, page, widget }) => {
    await page.setViewportSize({ width: 600, height: 700 });
    const { server, study } = await enter({ check: { width: 800 } });
    await widget.button("This device cannot: end the study").click();
    await expect(widget.question).not.toHaveText("Can your device show this study?");
    await expect(widget.options).toHaveCount(0);
    await widget.call("flush");
    expect((await server.votes(study.id)).map(({ answers }) => answers.width)).toEqual([600]);
  });

  test("of sound takes the number of beeps that were played, in three tries", async ({ enter, page, widget }) => {
    // What is heard cannot be tested, what is played can.
    await page.addInitScript(() => {
      window.beeps = 0;
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (...when) {
        window.beeps++;
        return start.apply(this, when);
      };
    });
    await enter({ check: { sound: true } });
    const count = async () => {
      await page.evaluate(() => (window.beeps = 0));
      await widget.element.getByRole("button", { name: /^Play/ }).click();
      await expect(widget.button("0")).toBeVisible();
      return page.evaluate(() => window.beeps);
    };
    const answer = (n) => widget.button(String(n)).click();
    await expect(widget.button("Go on")).toBeDisabled();
    for (const wrong of [0, 1]) {
      await count();
      await answer(wrong);
      await expect(widget.element.getByText("That was not the number.")).toBeVisible();
    }
    await answer(await count());
    await expect(widget.element.getByText("your sound works")).toBeVisible();
    await widget.button("Go on").click();
    await widget.models();
    await page.reload();
    await widget.models();
  });

  test("of sound is failed after three wrong answers", async ({ enter, widget }) => {
    await enter({ check: { sound: true } });
    for (let n = 0; n < 3; n++) {
      await widget.element.getByRole("button", { name: /^Play/ }).click();
      await widget.button("0").click();
    }
    await expect(widget.element.getByText("This study needs sound")).toBeVisible();
    await expect(widget.button("Play again")).toBeHidden();
    await expect(widget.button("Go on")).toBeDisabled();
    await expect(widget.button("This device cannot: end the study")).toBeEnabled();
  });
});

test("a repeated trial shows the same options in an order of its own", async ({ enter, widget }) => {
  const { server, study } = await enter({ trials: 2, attention: { checks: [{ type: "repeat", of: 1 }] } });
  for (let n = 0; n < 3; n++) {
    await widget.models();
    await rankAsShown(widget);
  }
  await onPage(widget, "All done. Thank you!");
  await widget.call("flush");
  const votes = await server.votes(study.id);
  const repeat = votes.find(({ trial }) => trial === "repeat");
  const [first] = votes;
  expect([...repeat.shown].sort()).toEqual([...first.shown].sort());
  expect(repeat.item).toBe(first.item);
  expect(repeat.trial_id).not.toBe(first.trial_id);
});

test("reasons and comment survive a reload before the answer is given", async ({ enter, page, widget }) => {
  await enter({ trials: 1, reasons: WHOLE_PATH.reasons });
  await widget.models();
  await widget.button("sharper").click();
  await widget.element.getByText("Comment", { exact: true }).click();
  await widget.element.getByLabel("Comment").fill("crisp");
  await widget.element.getByLabel("Comment").press("Escape");
  await stored(page);
  await page.reload();
  await widget.models();
  await expect(widget.button("sharper")).toHaveAttribute("aria-pressed", "true");
  await rankAsShown(widget);
  await onPage(widget, "All done. Thank you!");
  const [vote] = await widget.call("votes");
  expect(vote).toMatchObject({ reasons: ["sharper"], comment: "crisp" });
});

test.describe("on another day a rater goes on", () => {
  const DAY = 24 * 3600 * 1000;

  test.beforeEach(async ({ page }) => page.clock.install({ time: "2026-03-01T10:00:00Z" }));

  const nextDay = async (page) => {
    await page.clock.setSystemTime(Date.parse("2026-03-01T10:00:00Z") + DAY);
    await page.reload();
  };

  test("in the middle of a questionnaire, with what they had typed", async ({ enter, page, widget }) => {
    await enter({ questions: WHOLE_PATH.questions, consent: "You compare pictures.", trials: 1 });
    await widget.button("I agree").click();
    await onPage(widget, "About you");
    await widget.element.getByLabel("How old are you?").fill("34");
    await widget.element.getByLabel("a phone").check();
    await widget.element.getByLabel("a pencil").check();
    await nextDay(page);
    await onPage(widget, "About you");
    await expect(widget.element.getByLabel("How old are you?")).toHaveValue("34");
    await expect(widget.element.getByLabel("a phone")).toBeChecked();
    await expect(widget.element.getByLabel("a pencil")).toBeChecked();
    await widget.button("Go on").click();
    await widget.models();
  });

  test("whatever questions are called", async ({ enter, page, widget }) => {
    const ids = ["constructor", "toString", "__proto__"];
    const questions = ids.map((id) => ({ id, type: "text", question: `What of ${id}?` }));
    await enter({ questions: [{ id: "odd", title: "Odd names", questions, when: "before" }], trials: 1 });
    await onPage(widget, "Odd names");
    for (const id of ids) await expect(widget.element.getByLabel(`What of ${id}?`)).toHaveValue("");
    await widget.element.getByLabel("What of __proto__?").fill("kept");
    await nextDay(page);
    await onPage(widget, "Odd names");
    await expect(widget.element.getByLabel("What of __proto__?")).toHaveValue("kept");
    await widget.element.getByLabel("What of constructor?").fill("built");
    await widget.element.getByLabel("What of toString?").fill("said");
    await widget.button("Go on").click();
    await widget.models();
    // As text, since what hands objects to tests loses one of these names.
    const [{ answers }] = (await widget.exported()).trim().split("\n").map((line) => JSON.parse(line));
    expect(Object.entries(answers).sort()).toEqual([["__proto__", "kept"], ["constructor", "built"], ["toString", "said"]]);
  });

  test("at a break", async ({ enter, page, widget }) => {
    await enter({ trials: 2, breaks: { every: 1 } });
    await widget.models();
    await rankAsShown(widget);
    await onPage(widget, "Time for a short break");
    await expect(widget.element.getByText("You have done 1 of 2.")).toBeVisible();
    await nextDay(page);
    await onPage(widget, "Time for a short break");
    await widget.button("Go on").click();
    await widget.models();
    await rankAsShown(widget);
    await onPage(widget, "All done. Thank you!");
    const [first, second] = (await widget.call("votes")).filter(({ trial }) => trial === "main");
    expect(Date.parse(second.submitted_at) - Date.parse(first.submitted_at)).toBeGreaterThan(DAY - 3600 * 1000);
  });
});

test("texts are shown in the rater's language, and Arabic runs from right to left", async ({ enter, page, widget }) => {
  await enter(
    {
      consent: { text: { en: "You compare pictures.", ar: "ستقارن بين صور." }, agree: { en: "Yes", ar: "نعم" } },
      questions: QUESTIONS({ type: "likert", question: { en: "It is easy.", ar: "هذا سهل." }, labels: [{ en: "no", ar: "لا" }, { en: "yes", ar: "نعم" }] }),
    },
    { lang: "ar" },
  );
  await expect(widget.element.getByText("ستقارن بين صور.")).toBeVisible();
  const [agree, refuse] = await widget.element.locator(".row button").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  expect(agree).toBeGreaterThan(refuse);
  await widget.button("نعم").click();
  await expect(widget.element.getByText("هذا سهل.")).toBeVisible();
  const points = await widget.element.locator(".chip").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  expect(points).toEqual([...points].sort((a, b) => b - a));
  await expectAccessible(page, "questions in Arabic");
});
