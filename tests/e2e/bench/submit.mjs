// How long a rater waits after Submit, and what it costs the main thread, over 50 trials of the demo's pictures:
//   node tests/e2e/bench/submit.mjs [--trials 50] [--throttle 1]
// `--throttle 4` slows the processor down four times, about as far as a simple phone.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { chromium } from "@playwright/test";

import { launchOptions } from "../support/browser.js";
import { demo } from "../support/paths.js";
import { Server } from "../support/server.js";

const WARM_UP = 3;
const { values } = parseArgs({
  options: { trials: { type: "string", default: "50" }, throttle: { type: "string", default: "1" } },
});
const [trials, throttle] = [Number(values.trials), Number(values.throttle)];

const folder = await mkdtemp(join(tmpdir(), "k-sort-bench-"));
const server = new Server(join(folder, "study"), join(folder, "votes.sqlite"));
const browser = await chromium.launch(launchOptions);
try {
  await writeStudy(join(folder, "study"));
  await server.start();
  const samples = await measure();
  report(samples.slice(WARM_UP));
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The demo's pictures as a study of their own. */
async function writeStudy(to) {
  await cp(join(demo, "media"), join(to, "media"), { recursive: true });
  const study = JSON.parse(await readFile(join(demo, "study.json"), "utf8"));
  const pictures = (item) => Object.values(item.outputs).every((output) => /\.(webp|jpe?g|png)$/.test(output.src ?? output));
  study.items = study.items.filter(pictures);
  study.trials = trials + WARM_UP + 1;
  await writeFile(join(to, "study.json"), JSON.stringify(study));
}

async function measure() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript(watch);
  const loading = new Set();
  const isMedium = (request) => request.url().includes("/media/");
  page.on("request", (request) => isMedium(request) && loading.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => loading.delete(request));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  if (throttle > 1) await devtools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  const metrics = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1000]));
  };

  await page.goto(server.page({ rater: "bench" }));
  const submit = page.getByRole("button", { name: "Submit" });
  const samples = [];
  for (let n = 1; n <= trials + WARM_UP; n++) {
    await page.waitForFunction((n) => window.shown === n, n);
    for (const key of ["a", "b", "c"]) await page.keyboard.press(key);
    const { x, y, width, height } = await submit.boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    // The rater has judged: the media of the next trial are there, and the page is at rest.
    while (loading.size > 0) await page.waitForEvent("requestfinished", { timeout: 1000 }).catch(() => {});
    await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
    const before = await metrics();
    const painted = page.evaluate(() => new Promise((resolve) => (window.onPainted = resolve)));
    await page.mouse.down();
    await page.mouse.up();
    const wait = await painted;
    const after = await metrics();
    const spent = (name) => after[name] - before[name];
    samples.push({
      "Submit to event": wait.event,
      "Submit to painted": wait.painted,
      "main thread, all": spent("TaskDuration"),
      "main thread, script": spent("ScriptDuration"),
      "main thread, style and layout": spent("LayoutDuration") + spent("RecalcStyleDuration"),
      longTask: wait.longTask,
      late: wait.late,
    });
  }
  return samples;
}

/** In the page: times from the click on Submit to the next trial's event and to the end of the frame that shows it. */
function watch() {
  window.shown = 0;
  let clicked;
  let longTask = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTask = Math.max(longTask, duration);
  }).observe({ type: "longtask" });
  addEventListener("click", (event) => ([clicked, longTask] = [event.timeStamp, 0]), true);
  document.addEventListener("k-sort-trial", ({ target }) => {
    const event = performance.now() - clicked;
    window.shown += 1;
    if (clicked === undefined) return;
    requestAnimationFrame(() => {
      const late = [...target.shadowRoot.querySelectorAll("[role=group]")].some((option) => !option.querySelector("img")?.naturalWidth);
      // A message comes right after the frame was painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.onPainted({ event, painted: performance.now() - clicked, longTask, late });
      port2.postMessage(null);
    });
  });
}

function report(samples) {
  const row = (name) => {
    const sorted = samples.map((sample) => sample[name]).sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    const milliseconds = (value) => value.toFixed(1).padStart(8);
    return `${name.padEnd(32)}${milliseconds(at(0.5))}${milliseconds(at(0.95))}${milliseconds(sorted.at(-1))}`;
  };
  const names = Object.keys(samples[0]).filter((name) => !["longTask", "late"].includes(name));
  console.log(`${samples.length} trials, Chromium ${browser.version()}, ${cpus().length} processors, slowed down ${throttle} x`);
  console.log(`${"milliseconds a vote".padEnd(32)}  median     p95     max`);
  for (const name of names) console.log(row(name));
  console.log(`votes with a task over 50 ms: ${samples.filter((sample) => sample.longTask > 0).length}`);
  console.log(`votes whose next pictures came after the first frame: ${samples.filter((sample) => sample.late).length}`);
}
