import { expect } from "@playwright/test";

import { jsonLines } from "./server.js";
import { Widget } from "./widget.js";

/** The start page, as a person with a folder uses it. */
export class StartPage {
  constructor(page) {
    this.page = page;
    this.widget = new Widget(page.locator("k-sort"));
    this.state = page.locator(".state");
    this.told = page.locator(".told");
  }

  /** Opens it. Folders are picked by the input that every browser has, which a test can fill. */
  async open(url) {
    await this.page.addInitScript(() => delete window.showDirectoryPicker);
    // Dialogs are left to the tests from the first one on, however quickly it is opened.
    this.page.on("filechooser", () => {});
    await this.page.goto(`${url}start.html`);
    await expect(this.button("Choose a folder")).toBeVisible();
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  field(name) {
    return this.page.getByLabel(name, { exact: true });
  }

  /** The lines of a list under this heading. */
  notes(heading) {
    return this.page.locator("section", { has: this.page.getByRole("heading", { name: heading }) }).getByRole("listitem");
  }

  /** Answers the dialog that a button opens with these files, or with a folder. */
  async choose(name, files) {
    const asked = this.page.waitForEvent("filechooser");
    await this.button(name).click();
    await (await asked).setFiles(files);
  }

  async pickFolder(folder) {
    await this.choose("Choose a folder", folder);
    await expect(this.page.getByRole("heading", { name: "The study" })).toBeVisible();
  }

  /** Drops files and folders from the disk on the page, as a file manager does. */
  async drop(...paths) {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    const drag = (type) => session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
    const isOver = this.page.locator(".local.over");
    // What moves under the pointer can make the browser call a drop off, as it would a person's.
    await expect(async () => {
      await drag("dragEnter");
      await drag("dragOver");
      await expect(isOver).toHaveCount(1);
      await drag("dragOver");
      await drag("drop");
      await expect(isOver).toHaveCount(0, { timeout: 2_000 });
    }).toPass();
    await session.detach();
  }

  /** Begins as a rater, and waits for the first trial. */
  async rateAs(rater) {
    await this.field("Rater").fill(rater);
    await this.button("Begin").click();
    await this.widget.at(1);
  }

  /** What a button saves: name and text. */
  async saved(name) {
    const begun = this.page.waitForEvent("download");
    await this.button(name).click();
    const download = await begun;
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString(), path: await download.path() };
  }

  /** The records that a button saves as JSON Lines. */
  async savedLines(name) {
    return jsonLines((await this.saved(name)).text);
  }

  /** The models on the leaderboard, best first, once it is known how sure the ranks are. */
  async standings() {
    await expect(this.page.locator("canvas")).toBeVisible();
    return this.page.locator(".ranks tbody th").allTextContents();
  }
}
