import { expect, test } from "./support/test.js";

test.use({ expectedErrors: /^Failed to load resource: net::ERR_FAILED/ });

test("the next trial is there at once: its media came while the one before was judged", async ({ page, open, widget }) => {
  const arrived = new Set();
  page.on("requestfinished", (request) => request.url().includes("/media/") && arrived.add(request.url()));
  // How wide each picture is at the first frame of each trial, 0 where there is none yet.
  await page.addInitScript(() => {
    window.firstFrames = [];
    document.addEventListener("k-sort-trial", ({ target }) =>
      requestAnimationFrame(() => {
        const options = [...target.shadowRoot.querySelectorAll("[role=group][aria-label^=Option]")];
        window.firstFrames.push(options.map((option) => option.querySelector("img")?.naturalWidth ?? 0));
      }),
    );
  });
  await open({ items: 6 });
  await widget.models();
  await expect.poll(() => arrived.size, "media of this trial and the next").toBe(8);
  // From here on there is no network for media.
  await page.route("**/media/**", (route) => route.abort());
  await widget.rankTruly();
  await widget.at(2);
  const widths = await page.waitForFunction(() => window.firstFrames[1]);
  expect((await widths.jsonValue()).filter((width) => width > 0)).toHaveLength(4);
  await expect(widget.element.getByText("could not be loaded")).toHaveCount(0);
});

test("no medium is asked for twice in a session", async ({ page, open, widget }) => {
  const asked = [];
  page.on("request", (request) => request.url().includes("/media/") && asked.push(request.url()));
  await open({ items: 6, trials: 5 });
  for (let trial = 1; trial <= 5; trial++) {
    await widget.at(trial);
    await widget.rankTruly();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  expect(asked).toHaveLength(20);
  expect(new Set(asked).size).toBe(20);
});
