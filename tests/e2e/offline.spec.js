import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { dist } from "./support/paths.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

test.use({ serviceWorkers: "allow", expectedErrors: /^Failed to load resource: net::ERR_/ });

/** Waits until the widget and this many files of the study are kept. */
async function kept(page, files) {
  const count = () =>
    page.evaluate(async () => {
      const name = (await caches.keys()).find((name) => name.startsWith("k-sort study "));
      return name ? (await (await caches.open(name)).keys()).length : 0;
    });
  await expect.poll(count).toBe(files);
}

test("after one visit a study goes on without network, and delivers when it is back", async ({ page, context, folder, serve, widget }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 6 });
  const server = await serve(study.folder);
  await page.goto(server.page({ rater: "r1" }));
  await widget.at(1);
  await kept(page, 1 + study.files.length);
  await widget.rankTruly();
  await widget.at(2);
  await widget.call("flush");

  await context.setOffline(true);
  await server.stop();
  await page.reload();
  await widget.at(2);
  for (let trial = 2; trial <= 4; trial++) {
    await widget.rankTruly();
    await widget.at(trial + 1);
  }
  await expect(widget.delivery).toHaveAttribute("data-state", "trouble");
  await page.goto(server.page({ rater: "r2", theme: "dark" }));
  await widget.at(1);
  await page.goto(server.page({ rater: "r1" }));
  await widget.at(5);

  await server.start();
  await context.setOffline(false);
  await widget.call("flush");
  expect((await server.votes(study.id)).map((vote) => vote.seq)).toEqual([0, 1, 2, 3]);
});

test("a study that changes is shown as it is now while there is a network", async ({ page, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { sync: [] });
  const site = await host({ "/study/": study.folder });
  await page.goto(`${site.url}index.html`);
  await widget.at(1);
  await kept(page, 1 + study.files.length);
  await makeStudy(study.folder, { sync: [], criteria: [{ id: "overall", question: "Which is the sharpest?" }] });
  await page.reload();
  await expect(widget.question).toHaveText("Which is the sharpest?");
});

test("a new build takes over as a whole, and only when no page has the old one", async ({ page, context, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { sync: [] });
  const files = {};
  for (const name of ["index.html", "sw-files.js"]) files[name] = await readFile(join(dist, name), "utf8");
  const serving = (name, type) => (request, response) => response.setHeader("content-type", type).end(files[name]);
  const routes = { "/index.html": serving("index.html", "text/html"), "/sw-files.js": serving("sw-files.js", "text/javascript") };
  const site = await host({ "/study/": study.folder, ...routes });
  await page.goto(`${site.url}index.html`);
  await widget.at(1);
  await kept(page, 1 + study.files.length);
  await page.reload();
  await widget.at(1);
  const update = () => page.evaluate(async () => (await navigator.serviceWorker.ready).update().then(() => "taken", () => "refused"));
  const state = () => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).waiting));
  const build = (page) => page.evaluate(() => document.documentElement.dataset.build ?? "old");

  await test.step("half of a build is none", async () => {
    const html = files["index.html"].replace("<html", '<html data-build="new"');
    const integrity = `sha384-${createHash("sha384").update(html).digest("base64")}`;
    const list = files["sw-files.js"];
    files["sw-files.js"] = list.replace(/VERSION="\w+"/, 'VERSION="abc"').replace(/("index.html":")[^"]+/, `$1${integrity}`);
    expect(files["sw-files.js"]).not.toBe(list);
    await page.evaluate(() => {
      navigator.serviceWorker.ready.then((registration) => {
        registration.onupdatefound = () => (registration.installing.onstatechange = ({ target }) => (window.became = target.state));
      });
    });
    await update();
    await expect.poll(() => page.evaluate(() => window.became)).toBe("redundant");
    await page.reload();
    await widget.at(1);
    expect(await build(page)).toBe("old");
    files["index.html"] = html;
  });

  await test.step("a whole one waits until the page is closed", async () => {
    await update();
    await expect.poll(state).toBe(true);
    await page.reload();
    await widget.at(1);
    expect(await build(page)).toBe("old");
    await page.close();
    const next = await context.newPage();
    // The browser takes a moment to see that no page has the old one.
    await expect(async () => {
      await next.goto("about:blank");
      await next.goto(`${site.url}index.html`);
      expect(await build(next)).toBe("new");
    }).toPass();
    await new Widget(next.locator("k-sort")).at(1);
    await expect.poll(() => next.evaluate(async () => (await caches.keys()).filter((name) => /^k-sort \w+$/.test(name)))).toEqual(["k-sort abc"]);
  });
});

test("a page whose address is redirected opens without network", async ({ page, context, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { sync: [] });
  const html = await readFile(join(dist, "index.html"), "utf8");
  const moved = (request, response) => response.writeHead(301, { location: "/" }).end();
  const site = await host({ "/study/": study.folder, "/index.html": moved, "/": html });
  await page.goto(site.url);
  await widget.at(1);
  await kept(page, 1 + study.files.length);
  await context.setOffline(true);
  await page.goto(`${site.url}?theme=dark`);
  await widget.at(1);
});

test("a preview keeps nothing", async ({ page, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 1, sync: [], platform: "mturk" });
  const site = await host({ "/study/": study.folder });
  await page.goto(`${site.url}index.html?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE`);
  await widget.at(1);
  await widget.rankTruly();
  await expect(widget.question).toHaveText("This was a preview");
  expect(await page.evaluate(async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length])).toEqual([[], 0]);
});

test("the start page opens without network once it was opened with one", async ({ page, context, host }) => {
  const site = await host();
  await page.goto(`${site.url}start.html`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("button", { name: "Open a study file" })).toBeVisible();
});

test("the page can be installed", async ({ page, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { sync: [] });
  const site = await host({ "/study/": study.folder });
  await page.goto(`${site.url}index.html`);
  await widget.at(1);
  const devtools = await page.context().newCDPSession(page);
  const { errors } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // Tests run in such a context.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
});

test("an element on somebody's page, and one in a frame, keep nothing", async ({ page, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 1, sync: [] });
  const head = `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">`;
  const site = await host({
    "/study/": study.folder,
    "/framed": `${head}<iframe title="Study" src="index.html?rater=r2" width="900" height="700"></iframe></html>`,
    "/element": `${head}<script type="module" src="k-sort.js"></script><k-sort src="study/study.json"></k-sort></html>`,
  });
  for (const [path, shown] of [["element", widget], ["framed", new Widget(page.frameLocator("iframe").locator("k-sort"))]]) {
    await page.goto(`${site.url}${path}`);
    await shown.at(1);
    await shown.rankTruly();
    await expect(shown.question).toHaveText("All done. Thank you!");
    expect(await page.evaluate(async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length])).toEqual([[], 0]);
  }
});
