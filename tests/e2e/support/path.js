import { expect } from "@playwright/test";

const best = "media/zephyr/of-0.png";
const worst = "media/corvid/of-0.png";

/** Two pictures that no model made, as practice and checks of attention show them. */
export const TWO = { plain: best, spoilt: worst };

/** Keys of a study with every kind of page. */
export const WHOLE_PATH = {
  trials: 2,
  consent: { text: "You compare pictures for **ten minutes**.\n\nWrite to [the lab](https://lab.example) if you have questions.", agree: "Yes, I agree" },
  check: { width: 320, height: 400 },
  instructions: ["# How to compare\n\nLook at every picture.", "Then put them in order, *best first*."],
  practice: [{ outputs: TWO, best: "plain", feedback: "Look at the **width**." }],
  breaks: { every: 1, text: "Look out of the window." },
  attention: { then: "warn", checks: [{ type: "known", outputs: TWO, worst: "spoilt", at: 2 }] },
  questions: [
    {
      id: "you",
      title: "About you",
      when: "before",
      questions: [
        { id: "age", type: "number", question: "How old are you?", min: 1, max: 120, whole: true, accept: [18, 120] },
        { id: "screen", type: "choice", question: "What do you look at this on?", options: ["a phone", "a computer"] },
        { id: "uses", type: "choice", question: "What do you use?", options: ["a camera", "a pencil"], many: true, required: false },
      ],
    },
    {
      id: "task",
      title: "About the task",
      text: "Two questions **only**.",
      questions: [
        { id: "ease", type: "likert", question: "It was easy.", points: 5, labels: ["Not at all", "Very"] },
        { id: "remarks", type: "text", question: "Anything else?", long: true, required: false },
      ],
    },
  ],
  reasons: { options: ["sharper", { value: "prompt", label: "closer to the prompt" }], comment: true },
  debrief: "The pictures came from five models.",
};

/** Waits for the page with this heading. */
export async function onPage(widget, heading) {
  await expect(widget.question).toHaveText(heading);
}

/** Puts the options in order as they stand on screen, and submits. */
export async function rankAsShown(widget) {
  await expect(widget.option("B")).toBeVisible();
  const count = await widget.options.count();
  for (const letter of "ABCD".slice(0, count - 1)) await widget.nextBest(letter).click();
  await widget.button("Submit").click();
  // The next trial cannot be submitted yet.
  await expect(widget.element.getByRole("button", { name: "Submit", disabled: false })).toHaveCount(0);
}

/** Goes the whole path by mouse; `at` is told on each page, before it is left. */
export async function walk(widget, at = async () => {}) {
  const { element } = widget;
  const goOn = (name = "Go on") => widget.button(name).click();
  const page = async (heading) => {
    await onPage(widget, heading);
    await at(heading);
  };

  await page("Before you start");
  await goOn("Yes, I agree");
  await page("Can your device show this study?");
  await goOn();
  await page("About you");
  await goOn();
  await expect(element.getByText("Please answer this question.")).toHaveCount(2);
  await at("About you, with what is missing");
  await element.getByLabel("How old are you?").fill("٣٤");
  await element.getByLabel("a computer").check();
  await element.getByLabel("a pencil").check();
  await goOn();
  await page("How it works");
  await goOn("Next");
  await expect(element.getByText("Page 2 of 2")).toBeVisible();
  await goOn();
  await onPage(widget, "Rank the options from best to worst.");
  await widget.rankTruly();
  await page("That is right");
  await goOn();
  await widget.models();
  await widget.button("sharper").click();
  await element.getByText("Comment", { exact: true }).click();
  await element.getByLabel("Comment").fill("The first one is crisp.");
  await at("a trial with reasons");
  await element.getByLabel("Comment").press("Escape");
  await widget.rankTruly();
  await page("Time for a short break");
  await goOn();
  await widget.models();
  await widget.rankTruly();
  await expect(widget.options).toHaveCount(2);
  const [first] = await widget.bestFirst();
  for (const letter of first === "A" ? ["B"] : ["A"]) await widget.nextBest(letter).click();
  await widget.button("Submit").click();
  await page("Please look closely");
  await goOn();
  await page("About the task");
  await element.getByLabel("5, Very").check();
  await element.getByLabel("Anything else?").fill("No, that was all.");
  await goOn();
  await page("Before you go");
  await goOn();
  await page("All done. Thank you!");
}
