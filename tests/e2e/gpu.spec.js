// Scoring on WebGPU, in software where there is no GPU.
import { launchOptions } from "./support/browser.js";
import { expect, test } from "./support/test.js";

async function toLeaderboard({ open, widget }, parameters) {
  await open({ trials: 3, reveal: "at-end", items: 3 }, parameters);
  for (let trial = 1; trial <= 3; trial++) {
    await widget.at(trial);
    await widget.rankTruly();
  }
  await widget.button("See the leaderboard").click();
  await expect(widget.element.locator("canvas")).toBeVisible();
  return widget.element.locator(".ran").innerText();
}

test.describe("where there is WebGPU", () => {
  test.use({ launchOptions: { ...launchOptions, args: [...launchOptions.args, "--enable-unsafe-webgpu"] } });

  test("ranks are worked out there when it is asked for, and are those of the processor", async ({ page, open, widget }) => {
    const warnings = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    const ran = await toLeaderboard({ open, widget }, { scorer: "gpu" });
    expect(ran).toMatch(/^100,000 draws on .+ in \d+\.\d s\.$/);
    expect(ran).not.toContain("CPU");
    expect(warnings.filter((text) => text.startsWith("k-sort:"))).toEqual([]);
    const table = () => widget.element.getByRole("table").innerText();
    const onGpu = await table();
    await page.goto(page.url().replace("scorer=gpu", "scorer=cpu"));
    await widget.button("See the leaderboard").click();
    await expect(widget.element.getByText(/draws on CPU/)).toBeVisible();
    expect(await table()).toBe(onGpu);
  });
});

test("where there is none the processor does it, and says why once", async ({ page, open, widget }) => {
  const warnings = [];
  page.on("console", (message) => message.text().startsWith("k-sort:") && warnings.push(message.text()));
  expect(await toLeaderboard({ open, widget }, { scorer: "gpu" })).toContain("on CPU");
  await widget.button("Back").click();
  await widget.button("See the leaderboard").click();
  await expect(widget.element.locator("canvas")).toBeVisible();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^k-sort: GPU: .+; the CPU does the job$/);
});
