import { expect } from "@playwright/test";

import { modelOfWidth } from "./study.js";

const LETTERS = "ABCDEFGHIJKLMNOP";

/** One `<k-sort>` on a page, as a rater uses it. */
export class Widget {
  /** @param element locator of the element */
  constructor(element) {
    this.element = element;
    this.options = element.getByRole("group", { name: /^Option [A-P]$/ });
    this.question = element.getByRole("heading", { level: 2 });
    this.prompt = element.getByRole("heading", { level: 3 });
    this.progress = element.getByText(/^\d+ of \d+$/);
    this.live = element.locator("[aria-live=polite]");
    this.delivery = element.locator("[part=delivery]");
    this.pictures = this.options.locator("img");
  }

  option(letter) {
    return this.element.getByRole("group", { name: `Option ${letter}`, exact: true });
  }

  button(name) {
    return this.element.getByRole("button", { name, exact: true });
  }

  /** A button of one option. */
  choose(letter, name) {
    return this.option(letter).getByRole("button", { name, exact: true });
  }

  nextBest(letter) {
    return this.choose(letter, "Next best");
  }

  radio(letter, rank) {
    const group = this.element.getByRole("radiogroup", { name: `Rank of option ${letter}`, exact: true });
    return group.getByRole("radio", { name: String(rank), exact: true });
  }

  /** Waits for a trial, counted from 1. */
  async at(trial) {
    await expect(this.progress).toHaveText(new RegExp(`^${trial} of `));
    await expect(this.option("A")).toBeVisible();
  }

  /** The rank of every option in screen order, `null` where it has none. */
  async ranks() {
    return this.options.evaluateAll((options) =>
      options.map((option) => Number(option.querySelector("input[type=radio]:checked")?.value) || null),
    );
  }

  /** The models on screen by their pictures' widths, counted from 0 for the best, in screen order. */
  async models() {
    const widths = () => this.pictures.evaluateAll((all) => all.map((one) => one.naturalWidth));
    await expect(this.option("A")).toBeVisible();
    const count = await this.options.count();
    await expect.poll(async () => (await widths()).filter((width) => width > 0).length).toBe(count);
    return (await widths()).map(modelOfWidth);
  }

  /** Letters of the options, best first as the pictures tell. */
  async bestFirst() {
    const models = await this.models();
    const order = models.map((_, option) => option).sort((a, b) => models[a] - models[b]);
    return order.map((option) => LETTERS[option]);
  }

  /** Ranks the options as they truly are, by mouse, and submits. */
  async rankTruly() {
    const letters = await this.bestFirst();
    for (const letter of letters.slice(0, -1)) await this.nextBest(letter).click();
    await this.button("Submit").click();
  }

  /** Calls a method of the element. */
  async call(method, ...args) {
    return this.element.evaluate((element, [method, args]) => element[method](...args), [method, args]);
  }

  /** The text of the element's `exportVotes()`. */
  async exported() {
    return this.element.evaluate((element) => element.exportVotes().text());
  }
}

/** Records every event of widgets on a page from its start; `events(page)` reads them. */
export async function recordEvents(page) {
  await page.addInitScript(() => {
    window.widgetEvents = [];
    for (const name of ["ready", "trial", "vote", "complete", "error"]) {
      document.addEventListener(`k-sort-${name}`, (event) => {
        const { type, detail, bubbles, composed, target } = event;
        window.widgetEvents.push({ type, detail, bubbles, composed, rater: target.getAttribute("rater") });
      });
    }
  });
}

export async function events(page, type) {
  const all = await page.evaluate(() => window.widgetEvents);
  return type ? all.filter((event) => event.type === type) : all;
}

/** Resolves when all that the page has written to its database so far is stored. */
export async function stored(page) {
  await page.evaluate(async () => {
    const done = (request, event) =>
      new Promise((resolve, reject) => {
        request[event] = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("k-sort"), "onsuccess");
    // Transactions that write to the same stores run one after another.
    await done(database.transaction([...database.objectStoreNames], "readwrite"), "oncomplete");
    database.close();
  });
}
