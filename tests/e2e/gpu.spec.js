// Scoring on WebGPU, in software where there is no GPU.
import { launchOptions } from "./support/browser.js";
import { expect, test } from "./support/test.js";

test.use({ launchOptions: { ...launchOptions, args: [...launchOptions.args, "--enable-unsafe-webgpu"] } });

test("ranks are worked out on WebGPU when it is asked for, and are those of the processor", async ({ page, open, widget }) => {
  const warnings = [];
  page.on("console", (message) => message.text().startsWith("k-sort:") && warnings.push(message.text()));
  await open({ trials: 3, reveal: "at-end", items: 3 }, { scorer: "gpu" });
  for (let trial = 1; trial <= 3; trial++) {
    await widget.at(trial);
    await widget.rankTruly();
  }
  await widget.button("See the leaderboard").click();
  const ran = widget.element.locator(".ran");
  await expect(ran).toHaveText(/^100,000 draws on .+ in \d+\.\d s\.$/);
  await expect(ran).not.toContainText("CPU");
  expect(warnings).toEqual([]);
  const table = () => widget.element.getByRole("table").innerText();
  const onGpu = await table();
  await page.goto(page.url().replace("scorer=gpu", "scorer=cpu"));
  await widget.button("See the leaderboard").click();
  await expect(ran).toContainText("draws on CPU");
  expect(await table()).toBe(onGpu);
});
