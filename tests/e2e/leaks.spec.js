import { pageWith } from "./support/host.js";
import { alive, countUrls } from "./support/leaks.js";
import { wav } from "./support/media.js";
import { glb } from "./support/scenes.js";
import { makeStudy, picture } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const KINDS = {
  pictures: picture,
  sounds: (model) => ({ extension: "wav", bytes: wav(220 + 40 * model) }),
  texts: (model) => ({ extension: "md", bytes: `# Answer\n\n${"**word** ".repeat(model + 1)}` }),
  scenes: () => ({ extension: "glb", bytes: glb([0.7, 0.3, 0.2], { scale: [1, 1, 1], offset: [0, 0, 0] }) }),
};
/** What the kind shows once its medium is there. */
const SHOWN = { pictures: "img", sounds: "canvas", texts: ".text strong", scenes: "canvas" };

for (const [kind, medium] of Object.entries(KINDS)) {
  test(`50 elements with ${kind} come and go, and leave nothing behind`, async ({ page, folder, host }) => {
    test.setTimeout(180_000);
    const study = await makeStudy(folder, { k: 2, sync: [], medium, matchmaking: { policy: "information-gain" } });
    const site = await host({ "/": pageWith(""), "/study/": study.folder });
    await countUrls(page);
    await page.goto(site.url);
    const comeAndGo = async (n) => {
      await page.evaluate((n) => {
        const element = document.createElement("k-sort");
        element.setAttribute("src", "study/study.json");
        element.setAttribute("rater", `r${n}`);
        document.querySelector("main").append(element);
      }, n);
      const widget = new Widget(page.locator("k-sort"));
      await widget.at(1);
      await expect(widget.options.locator(SHOWN[kind]).first()).toBeVisible();
      await expect.poll(() => page.workers().length).toBe(1);
      await page.evaluate(() => document.querySelector("k-sort").remove());
      await expect.poll(() => page.workers().length).toBe(0);
    };
    for (let n = 0; n < 10; n++) await comeAndGo(n);
    const before = await alive(page);
    for (let n = 10; n < 60; n++) await comeAndGo(n);
    const after = await alive(page);
    console.log(before, after);
  });
}
