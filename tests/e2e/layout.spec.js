import { rm } from "node:fs/promises";
import { join } from "node:path";

import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";

/** Where every part of a trial is, by a name of its own. */
const boxes = (widget) =>
  widget.element.evaluate((element) => {
    const found = {};
    const parts = "h2, h3, progress, [role=group], [role=radiogroup], input, .actions, .controls button, .actions button";
    for (const part of element.shadowRoot.querySelectorAll(parts)) {
      // What comes with a medium moves nothing else.
      if (part.closest(".toolbar, .medium")) continue;
      const group = part.closest("[role=group]")?.getAttribute("aria-label") ?? "";
      const name = part.getAttribute("aria-label") ?? (part.value || part.localName + " " + part.textContent.slice(0, 12));
      const { x, y, width, height } = part.getBoundingClientRect();
      const place = part.localName === "progress" ? [x, y, height] : [x, y, width, height];
      found[`${group} ${part.matches(".actions") ? "actions" : name}`] = place;
    }
    return found;
  });

/** Every part is where it was, within half a pixel. */
async function expectUnmoved(widget, before) {
  const after = await boxes(widget);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  const moved = Object.keys(before).filter((part) => before[part].some((side, n) => Math.abs(side - after[part][n]) > 0.5));
  expect(moved.map((part) => `${part}: ${before[part].join(" ")} -> ${after[part].join(" ")}`)).toEqual([]);
}

/** What is wider than the room it has. */
const tooWide = (page) =>
  page.evaluate(() => {
    const wide = [];
    const look = (root) => {
      for (const part of root.querySelectorAll("*")) {
        if (!part.checkVisibility()) continue; // such as what is folded away
        const scrolls = part === document.documentElement || /auto|scroll/.test(getComputedStyle(part).overflowX);
        if (scrolls && part.scrollWidth > part.clientWidth) wide.push(part.className || part.localName);
        const { left, right } = part.getBoundingClientRect();
        if (right > left + 1 && (right > innerWidth + 0.5 || left < -0.5)) wide.push(`${part.className || part.localName} beside the page`);
        if (part.shadowRoot) look(part.shadowRoot);
      }
    };
    look(document);
    return wide;
  });

/** Holds all requests of a kind; the function that comes back lets those so far go on, in the given way, and later ones as usual. */
async function hold(page, pattern) {
  let release;
  let free = false;
  const released = new Promise((resolve) => (release = resolve));
  await page.route(pattern, async (route) => (free ? route.continue() : (await released)(route)));
  return (how = (route) => route.continue()) => {
    free = true;
    release(how);
  };
}

const SIZES = [
  { name: "a phone, 360 x 640", viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
  { name: "a laptop, 1280 x 720", viewport: { width: 1280, height: 720 } },
  { name: "a large screen, 2560 x 1440", viewport: { width: 2560, height: 1440 } },
];

test.use({ expectedErrors: /^Failed to load resource: the server responded with a status of (404|503)/ });

for (const { name, ...device } of SIZES) {
  test.describe(`on ${name}`, () => {
    test.use(device);

    test("nothing moves while media load and while ranks are given", async ({ page, open, widget }) => {
      const release = await hold(page, "**/media/**");
      await open({ trials: 3 });
      const loading = await boxes(widget);
      expect(Object.keys(loading).length).toBeGreaterThan(30);
      expect(await widget.pictures.count()).toBe(0);
      expect(await tooWide(page)).toEqual([]);
      release();
      await widget.models();
      await expectUnmoved(widget, loading);
      for (const letter of ["C", "A", "D"]) {
        await widget.nextBest(letter).click();
        // The stage may have been scrolled to reach the button.
        await widget.element.locator(".stage").evaluate((stage) => stage.scrollTo(0, 0));
        await expectUnmoved(widget, loading);
      }
      await expect(widget.button("Submit")).toBeEnabled();
      expect(await tooWide(page)).toEqual([]);
    });

    test("nothing moves when a picture is missing", async ({ page, folder, serve, widget }) => {
      const release = await hold(page, "**/media/**");
      const study = await makeStudy(join(folder, "study"), { models: 4, items: 1, trials: 1 });
      await rm(join(study.folder, study.files[2]));
      const server = await serve(study.folder);
      await page.goto(server.page());
      await widget.at(1);
      const loading = await boxes(widget);
      release();
      await expect(widget.element.getByText("This option could not be loaded.")).toBeVisible();
      await expect(widget.pictures).toHaveCount(3);
      await expectUnmoved(widget, loading);
      expect(await tooWide(page)).toEqual([]);
    });

    test("nothing moves as delivery goes badly, is looked at, and goes well", async ({ page, open, widget }) => {
      const release = await hold(page, "**/api/votes");
      const sent = page.waitForRequest("**/api/votes");
      await open({ trials: 3 });
      await widget.rankTruly();
      await widget.at(2);
      await widget.models();
      await expect(widget.delivery).toHaveText("Delivering 1 answer");
      const sending = await boxes(widget);
      await sent;
      release((route) => route.fulfill({ status: 503, headers: { "Retry-After": "3600" } }));
      const waiting = widget.element.getByText(/^1 answer waiting/);
      await expect(waiting).toBeVisible();
      await expectUnmoved(widget, sending);
      await waiting.click();
      for (const label of ["Try now", "Download answers"]) await expect.soft(widget.button(label)).toBeInViewport({ ratio: 1, timeout: 1000 });
      expect.soft(await tooWide(page)).toEqual([]);
      await expectUnmoved(widget, sending);
      await widget.button("Try now").click();
      await expect(widget.delivery).toHaveText("All answers delivered");
      await expectUnmoved(widget, sending);
    });

    test("question and buttons are in view, and every option can be reached", async ({ page, open, widget }) => {
      await open({ trials: 2 });
      const buttons = ["Undo", "Skip", "All bad", "Can't judge", "Submit"].map((name) => widget.button(name));
      for (const part of [widget.question, widget.prompt, widget.progress, ...buttons]) {
        await expect(part).toBeInViewport({ ratio: 1 });
      }
      for (const letter of ["A", "B", "C", "D"]) {
        await widget.radio(letter, 4).scrollIntoViewIfNeeded();
        await expect(widget.radio(letter, 4)).toBeInViewport({ ratio: 0.95 });
      }
      expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
    });

    test("16 options fit without scrolling sideways", async ({ page, open, widget }) => {
      await open({ models: 16, k: 16, items: 1 });
      await widget.models();
      expect(await tooWide(page)).toEqual([]);
      await widget.radio("P", 16).check();
      expect(await widget.ranks()).toEqual([...Array(15).fill(null), 16]);
    });
  });
}
