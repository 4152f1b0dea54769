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
  scenes: () => glb([0.7, 0.3, 0.2], { scale: 1, offset: [0, 0, 0] }),
};
/** What the kind shows once its medium is there. */
const SHOWN = { pictures: "img", sounds: ".waves svg", texts: ".text strong", scenes: "canvas" };

const ELEMENTS = 50;
/** Elements after which the page has loaded and compiled what it needs. */
const WARM = 10;
/** What there may be more of in the end: less than one for each element; of what is not listed, one that all share. */
const ALLOWED = { listeners: ELEMENTS - 1, nodes: ELEMENTS - 1, heap: 1_000_000, urls: 0, workers: 0, frames: 0 };

for (const [kind, medium] of Object.entries(KINDS)) {
  test(`${ELEMENTS} elements with ${kind} come and go, and leave nothing behind`, async ({ page, folder, host }) => {
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
    const empty = await alive(page);
    for (let n = 0; n < WARM; n++) await comeAndGo(n);
    const { heap } = await alive(page);
    for (let n = 0; n < ELEMENTS; n++) await comeAndGo(WARM + n);
    const more = async () => {
      const now = await alive(page);
      return Object.keys(now).filter((name) => now[name] - { ...empty, heap }[name] > (ALLOWED[name] ?? 1));
    };
    await expect.poll(more).toEqual([]);
  });
}
