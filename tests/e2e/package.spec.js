import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { pageWith } from "./support/host.js";
import { dist, ksort } from "./support/paths.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { events, recordEvents, stored, Widget } from "./support/widget.js";

const run = promisify(execFile);
const root = join(dist, "..");

/** What a strict site allows its pages. */
const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; media-src blob:; " +
  "connect-src 'self'; worker-src 'self' blob:";
const ELEMENT = `<k-sort src="/study/study.json" rater="r1"></k-sort>`;

const sri = (algorithm, bytes) => `${algorithm}-${createHash(algorithm).update(bytes).digest("base64")}`;
const published = async () => JSON.parse(await readFile(join(dist, "integrity.json"), "utf8"));
/** The published file whose name is `NAME-HASH.EXTENSION`. */
const fileOf = async (name, extension) =>
  Object.keys(await published()).find((file) => new RegExp(`^${name}-[0-9a-f]{8}\\.${extension}$`).test(file));

/** The values themselves, and the service worker's list, which is of the published files and names their values. */
const WRITTEN_LAST = ["integrity.json", "sw-files.js"];

test("every file that is not asked for by name has a hash of its content in its name", async () => {
  const integrity = await published();
  const found = (await readdir(dist, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile() && !WRITTEN_LAST.includes(one.name))
    .map((one) => join(one.parentPath, one.name).slice(dist.length + 1));
  expect(Object.keys(integrity).sort()).toEqual(found.sort());
  for (const [file, value] of Object.entries(integrity)) {
    const bytes = await readFile(join(dist, file));
    expect(sri("sha384", bytes), file).toBe(value);
    const [, hash] = /-([0-9a-f]{8})\.\w+$/.exec(file) ?? [];
    if (hash) expect(createHash("sha256").update(bytes).digest("hex").slice(0, 8), file).toBe(hash);
  }
  const unhashed = Object.keys(integrity).filter((file) => !/-[0-9a-f]{8}\.\w+$/.test(file));
  expect(unhashed).toEqual(expect.arrayContaining(["index.html", "k-sort.inline.html", "k-sort.js", "package.json", "panels/frame.html"]));
  expect(unhashed.filter((file) => /\.(wasm|css)$/.test(file))).toEqual([]);
  expect(unhashed.filter((file) => file.endsWith(".js")).sort()).toEqual(expect.arrayContaining(["bundler.js", "k-sort.js"]));
});

test.describe("notices of third parties", () => {
  const FILE = "THIRD-PARTY-NOTICES.txt";
  /** In the page, so that nothing of it is without notice: packages of npm, what they bring along, crates. */
  const OF_PAGE = [
    ["three", "MIT"],
    ["@sparkjsdev/spark", "MIT"],
    ["esbuild", "MIT"],
    ["Draco", "Apache-2.0"],
    ["Basis Universal transcoder", "Apache-2.0"],
    ["Zstandard, in zstddec", "BSD-3-Clause"],
    ["meshoptimizer", "MIT"],
    ["zlib-rs", "Zlib"],
    ["leptos", "MIT"],
    ["wasm-bindgen", "MIT OR Apache-2.0"],
    ["wgpu", "MIT OR Apache-2.0"],
    ["Rust's standard library", "MIT OR Apache-2.0"],
  ];
  const OF_PROGRAM = [["ring", "Apache-2.0 AND ISC"], ["SQLite", "blessing"], ["tokio", "MIT"]];
  const lineOf = ([name, licence]) => new RegExp(`^- ${name.replace(/[.+*]/g, "\\$&")} .*: ${licence}$`, "m");
  const read = () => readFile(join(dist, FILE), "utf8");

  test("lie beside the page, name what is in it, and are loaded by none", async () => {
    const text = await read();
    for (const one of OF_PAGE) expect(text).toMatch(lineOf(one));
    for (const one of OF_PROGRAM) expect(text).not.toMatch(lineOf(one));
    for (const words of ["three.js authors", "WORLD LABS TECHNOLOGIES", "Permission is hereby granted", "END OF TERMS AND CONDITIONS"]) expect(text).toContain(words);
    expect(text).not.toMatch(/node_modules\/|registry\/|\/home\/|\/root\/|https?:\/\/(index|static)\.crates/);
    expect(await readFile(join(dist, "sw-files.js"), "utf8")).not.toContain(FILE);
    expect(await published()).toHaveProperty([FILE]);
  });

  test("are inside the one page, as they are", async ({ page }) => {
    await page.goto(pathToFileURL(join(dist, "k-sort.inline.html")).href);
    expect((await page.locator("#third-party-notices").textContent()).trim()).toBe((await read()).trim());
  });

  test("are printed by the program, with those of its own", async () => {
    const { stdout } = await run(ksort, ["licences"], { maxBuffer: 10_000_000 });
    for (const one of [...OF_PAGE, ...OF_PROGRAM]) expect(stdout).toMatch(lineOf(one));
    expect(stdout).toContain("BoringSSL");
  });

  test("are among the licences of the Python package", async () => {
    expect(await readFile(join(root, "python", FILE), "utf8")).toBe(await read());
  });
});

/** A site with an element whose file of this name was changed on the way, and is told by `window.tampered` if it is a script that runs. */
async function tamperedSite(host, study, file) {
  const bytes = await readFile(join(dist, file));
  const type = { js: "text/javascript", css: "text/css", wasm: "application/wasm" }[file.split(".").pop()];
  const body = file.endsWith(".js") ? `${bytes}\nwindow.tampered = true;` : Buffer.concat([bytes, Buffer.from("\n")]);
  const answer = (_, response) => response.writeHead(200, { "content-type": type }).end(body);
  return host({ "/": pageWith(ELEMENT), "/study/": study.folder, [`/${file}`]: answer });
}

test.describe("a file that is not the one that was published is refused and told", () => {
  test.use({ expectedErrors: /integrity|Failed to load resource/ });

  for (const [name, extension] of [["pkg/k-sort_bg", "wasm"], ["k-sort", "css"]]) {
    test(`${name}.${extension}`, async ({ page, folder, host }) => {
      const file = await fileOf(name, extension);
      const site = await tamperedSite(host, await makeStudy(folder, { sync: [] }), file);
      await recordEvents(page);
      await page.goto(site.url);
      await expect(page.getByRole("alert")).toHaveText(new RegExp(`^K-Sort cannot start: ${file.split("/").pop()}`));
      expect((await events(page, "k-sort-error")).map(({ detail }) => detail.code)).toEqual(["start"]);
    });
  }

  test("a script loaded on demand", async ({ page, folder, host }) => {
    const file = await fileOf("panels/image", "js");
    const site = await tamperedSite(host, await makeStudy(folder, { sync: [] }), file);
    await page.goto(site.url);
    const widget = new Widget(page.locator("k-sort"));
    await widget.at(1);
    await expect(widget.option("A").getByText(file.split("/").pop())).toBeVisible();
    expect(await page.evaluate(() => window.tampered)).toBeUndefined();
  });
});

test("a strict policy breaks nothing, on the standalone page and on a site's own", async ({ page, folder, host }) => {
  const study = await makeStudy(folder, { trials: 2, sync: [], matchmaking: { policy: "information-gain" }, reveal: "at-end" });
  const own = pageWith(ELEMENT).replace("data:,", "icon.svg");
  const site = await host({ "/own": own, "/study/": study.folder }, { policy: STRICT });
  const warnings = [];
  // The tests keep service workers out, except where they are what is tested.
  const isOurs = (message) => message.type() === "warning" && !message.text().includes("Service Worker");
  page.on("console", (message) => isOurs(message) && warnings.push(message.text()));
  for (const address of ["own", "index.html?rater=r2"]) {
    await page.goto(site.url + address);
    const widget = new Widget(page.locator("k-sort"));
    await expect.poll(() => page.workers().length).toBe(1);
    for (const trial of [1, 2]) {
      await widget.at(trial);
      await widget.rankTruly();
    }
    await widget.button("Leaderboard").click();
    await expect(widget.element.getByRole("img", { name: /Heat map/ })).toBeVisible();
  }
  expect(warnings).toEqual([]);
});

test("the widget works below any path", async ({ page, folder, host }) => {
  const study = await makeStudy(folder, { trials: 1, sync: [] });
  const site = await host({
    "/lab/study.html": `<!doctype html><html lang="en"><title>Lab</title><link rel="icon" href="data:,">
      <script type="module" src="assets/k-sort/1.0/k-sort.js"></script><main>${ELEMENT}</main></html>`,
    "/lab/assets/k-sort/1.0/": dist,
    "/study/": study.folder,
  });
  await page.goto(`${site.url}lab/study.html`);
  const widget = new Widget(page.locator("k-sort"));
  await widget.at(1);
  await widget.rankTruly();
  await expect(widget.question).toHaveText("All done. Thank you!");
  const own = site.asked.filter((line) => !line.includes("/study/") && line !== "GET /lab/study.html");
  expect(own.filter((line) => !line.startsWith("GET /lab/assets/k-sort/1.0/"))).toEqual([]);
});

test("a page may load the widget from a CDN, and hold it to its hash", async ({ page, folder, host }) => {
  const study = await makeStudy(folder, { trials: 2, sync: [], matchmaking: { policy: "information-gain" } });
  const cdn = await host({}, { cors: true });
  const integrity = (await published())["k-sort.js"];
  const site = await host({
    "/": `<!doctype html><html lang="en"><title>Site</title><link rel="icon" href="data:,">
      <script type="module" src="${cdn.otherSite}k-sort.js" integrity="${integrity}" crossorigin></script><main>${ELEMENT}</main></html>`,
    "/study/": study.folder,
  });
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  await widget.at(1);
  await expect.poll(() => page.workers().map((worker) => worker.url().split(":")[0])).toEqual(["blob"]);
  await widget.rankTruly();
  await widget.at(2);
  expect(warnings).toEqual([]);
  expect(site.asked.filter((line) => !/ \/(study\/.*)?$/.test(line))).toEqual([]);
});

test("attributes act when they change, and when they go", async ({ page, folder, host }) => {
  const study = await makeStudy(join(folder, "one"), { sync: [] });
  await makeStudy(join(folder, "two"), { sync: [], id: "other", title: "Another study", criteria: [{ id: "c", question: "Which is warmer?" }] });
  const site = await host({ "/": pageWith(ELEMENT), "/study/": study.folder, "/two/": join(folder, "two") });
  await recordEvents(page);
  await page.goto(site.url);
  const widget = new Widget(page.locator("k-sort"));
  const set = (name, value) =>
    widget.element.evaluate((element, [name, value]) => (value === null ? element.removeAttribute(name) : element.setAttribute(name, value)), [
      name,
      value,
    ]);
  const scheme = () => widget.element.locator(".widget").evaluate((element) => getComputedStyle(element).colorScheme);
  await widget.at(1);

  await test.step("theme", async () => {
    await set("theme", "dark");
    await expect.poll(scheme).toBe("dark");
    await set("theme", null);
    await expect.poll(scheme).not.toBe("dark");
  });
  await test.step("shortcuts", async () => {
    await widget.element.evaluate((element) => element.focus());
    await set("shortcuts", "off");
    await page.keyboard.press("a");
    expect(await widget.ranks()).toEqual([null, null, null, null]);
    await set("shortcuts", null);
    await page.keyboard.press("a");
    await expect(widget.radio("A", 1)).toBeChecked();
  });
  await test.step("rater and session", async () => {
    await page.keyboard.press("Backspace");
    await widget.rankTruly();
    await widget.at(2);
    await set("session", "s2");
    await widget.at(1);
    await set("session", null);
    await widget.at(2);
    await set("rater", null);
    await widget.at(1);
    await set("rater", "r1");
    await widget.at(2);
  });
  await test.step("src", async () => {
    await set("src", "/two/study.json");
    await expect(widget.question).toHaveText("Which is warmer?");
    await set("src", null);
    await expect(widget.element.getByRole("alert")).toContainText("the element has no src attribute");
    await set("src", "/study/study.json");
    await widget.at(2);
  });
  const raters = (await events(page, "k-sort-ready")).map(({ detail }) => detail.rater);
  expect(new Set(raters.filter((rater) => rater !== "r1")).size).toBe(1);
});

test("an element inside other shadow roots works, and its events come out", async ({ page, folder, host }) => {
  const study = await makeStudy(folder, { trials: 1, sync: [] });
  const site = await host({ "/": pageWith("<my-survey></my-survey>"), "/study/": study.folder });
  await recordEvents(page);
  await page.goto(site.url);
  await page.evaluate((element) => {
    for (const [name, content] of [["my-page", element], ["my-survey", "<my-page></my-page>"]]) {
      customElements.define(name, class extends HTMLElement {
        constructor() {
          super();
          this.attachShadow({ mode: "open" }).innerHTML = content;
        }
      });
    }
  }, ELEMENT);
  const widget = new Widget(page.locator("k-sort"));
  await widget.at(1);
  await widget.element.evaluate((element) => element.focus());
  const letters = await widget.bestFirst();
  for (const letter of letters.slice(0, -1)) await page.keyboard.press(letter.toLowerCase());
  await page.keyboard.press("Enter");
  await expect(widget.question).toHaveText("All done. Thank you!");
  expect(await events(page, "k-sort-vote")).toHaveLength(1);
});

test.describe("the npm package", () => {
  /** A project with the packed package, its other packages being those of this one. */
  async function project(folder, example) {
    const modules = join(folder, "node_modules");
    await mkdir(modules, { recursive: true });
    for (const name of await readdir(join(root, "node_modules"))) {
      if (!name.startsWith(".")) await symlink(join(root, "node_modules", name), join(modules, name));
    }
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: dist });
    await mkdir(join(modules, "k-sort"));
    await run("tar", ["-xzf", join(folder, JSON.parse(stdout)[0].filename), "-C", join(modules, "k-sort"), "--strip-components", "1"]);
    await cp(join(root, "examples"), folder, { recursive: true, filter: (from) => !/node_modules|dist/.test(from.slice(root.length)) });
    return join(folder, example);
  }
  const tool = (name, args, cwd) => run(process.execPath, [join(root, "node_modules", name), ...args], { cwd });

  for (const example of ["plain", "react", "vue"]) {
    test(`is bundled by Vite, and runs: ${example}`, async ({ page, folder, host }) => {
      const place = await project(folder, example);
      if (example === "react") await tool("typescript/bin/tsc", ["--noEmit"], place);
      if (example === "vue") await tool("vue-tsc/bin/vue-tsc.js", ["--noEmit"], place);
      await tool("vite/bin/vite.js", ["build", "--logLevel", "warn"], place);
      const site = await host({ "/below/": join(place, "dist") });
      await page.goto(`${site.url}below/index.html`);
      const widget = new Widget(page.locator("k-sort"));
      await widget.at(1);
      await expect.poll(() => page.workers().length).toBe(1);
      for (const letter of "AB") await widget.nextBest(letter).click();
      await widget.button("Submit").click();
      await expect(page.getByRole("listitem").first()).toHaveText(/^\w+: [−-]?\d+\.\d \(1 votes\)$/);
      await page.getByRole("combobox").selectOption("First lines");
      await expect(widget.option("A").getByText(/boat|hill|house/)).toBeVisible();
      await expect(page.getByRole("listitem")).toHaveCount(0);
    });
  }

  test("has types that tell right from wrong", async ({ folder }) => {
    const place = await project(folder, "react");
    await writeFile(
      join(place, "src/types.ts"),
      `import type { Vote } from "k-sort";
      const element = document.querySelector("k-sort")!;
      element.addEventListener("k-sort-vote", ({ detail }) => { const ranking: Vote["ranking"] = detail.ranking; return ranking; });
      element.addEventListener("k-sort-error", ({ detail }) => detail.code === "storage");
      export const names: string[] = element.leaderboard().map((row) => row.name);
      // @ts-expect-error there is no such code
      element.addEventListener("k-sort-error", ({ detail }) => detail.code === "weather");
      // @ts-expect-error a criterion has an id that is a text
      element.leaderboard(1);
      // @ts-expect-error it is a promise
      export const done: boolean = element.flush();\n`,
    );
    await tool("typescript/bin/tsc", ["--noEmit"], place);
  });
});

test.describe("the page with everything in it", () => {
  /** Writes it with a study and its media inside. */
  async function onePage(folder, study) {
    const text = await readFile(join(dist, "k-sort.inline.html"), "utf8");
    const end = text.lastIndexOf("</body>");
    const media = study.files.map(async (file) => {
      const bytes = await readFile(join(study.folder, file));
      return `<script type="text/plain" data-media="${file}" data-type="image/png">${bytes.toString("base64")}</script>`;
    });
    const inside = [`<script type="application/json" id="k-sort-study">${JSON.stringify(study.file)}</script>`, ...(await Promise.all(media))];
    const path = join(folder, "one.html");
    await writeFile(path, text.slice(0, end) + inside.join("\n") + text.slice(end));
    return pathToFileURL(path).href;
  }

  test("shows its study from a disk, keeps votes, and asks nobody for anything", async ({ page, folder }) => {
    const study = await makeStudy(join(folder, "study"), { trials: 2, sync: [], matchmaking: { policy: "information-gain" }, reveal: "at-end" });
    const address = await onePage(folder, study);
    const asked = [];
    page.on("request", (request) => !/^(blob|data):/.test(request.url()) && asked.push(request.url()));
    await page.goto(address);
    const widget = new Widget(page.locator("k-sort"));
    await widget.at(1);
    expect(await page.content(), "nothing tells the model").not.toContain(study.models[0]);
    await expect.poll(() => page.workers().length).toBe(1);
    await widget.rankTruly();
    await widget.at(2);
    await stored(page);
    await page.reload();
    await widget.at(2);
    await widget.rankTruly();
    await widget.button("Leaderboard").click();
    await expect(widget.element.getByRole("img", { name: /Heat map/ })).toBeVisible();
    const votes = (await widget.exported()).trim().split("\n").map((line) => JSON.parse(line));
    expect(votes.map((vote) => vote.seq)).toEqual([0, 1]);
    expect(new Set(asked)).toEqual(new Set([address]));
  });

  test("shows web pages, each still shut off", async ({ page, folder }) => {
    const medium = (model) => ({ extension: "html", bytes: `<!doctype html><title>Page</title><p>Page ${model}<script>document.body.append(" runs")</script>` });
    const study = await makeStudy(join(folder, "study"), { k: 2, sync: [], medium });
    await page.goto(await onePage(folder, study));
    const widget = new Widget(page.locator("k-sort"));
    await widget.at(1);
    const inner = widget.option("A").frameLocator("iframe").frameLocator("iframe");
    await expect(inner.getByText(/^Page \d runs$/)).toBeVisible();
  });

  test("is the start page without a study", async ({ page }) => {
    await page.goto(pathToFileURL(join(dist, "k-sort.inline.html")).href);
    await expect(page.locator("body")).toHaveText(/\S/);
    await expect(page.locator("k-sort")).toHaveCount(0);
  });
});
