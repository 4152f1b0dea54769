import AxeBuilder from "@axe-core/playwright";

import { EXCESSIVE, FORMATS, glb, scene, spoilt } from "./support/scenes.js";
import { expect, test } from "./support/test.js";

// Drawn without a graphics card: small, and animations play where they are what is tested.
test.use({ viewport: { width: 640, height: 480 }, contextOptions: { reducedMotion: "reduce" } });
// The first picture of a page takes long there.
const DRAWN = { timeout: 120_000 };

const LETTERS = "ABCDEFGHIJKLMNOP";
const CLAY = [0.75, 0.35, 0.2];
const ALL = Object.fromEntries(await Promise.all(FORMATS.map(async (format) => [format, await scene(format)])));

/** Opens a study in which these scenes are the options of every item. */
const compare = (open, scenes, keys = {}) =>
  open({ medium: (model) => scenes[model], items: 1, models: scenes.length, k: scenes.length, ...keys });

/** Counts the WebGL contexts that a page asks for, and keeps the last. */
const countContexts = (page) =>
  page.addInitScript(() => {
    window.contexts = 0;
    for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
      const getContext = prototype.getContext;
      prototype.getContext = function (type, ...rest) {
        const context = getContext.call(this, type, ...rest);
        if (/webgl/.test(type)) {
          window.contexts++;
          window.lastContext = context;
        }
        return context;
      };
    }
  });

/** What the scenes on a page hold of the graphics card, from the script that the page loaded. */
const diagnostics = (page) =>
  page.evaluate(async () => {
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    return (await import(loaded.find((name) => /\/panels\/scene(-\w+)?\.js$/.test(name)))).diagnostics();
  });

/** The largest opacity in the middle of a panel, from 0 (the background) to 255: the middle is a tenth of its sides. */
function middle(canvas) {
  const { width, height } = canvas;
  if (!width) return 0;
  const data = canvas.getContext("2d").getImageData(width * 0.45, height * 0.45, width * 0.1, height * 0.1).data;
  return data.reduce((most, value, i) => (i % 4 === 3 ? Math.max(most, value) : most), 0);
}

class Panels {
  constructor(widget) {
    this.widget = widget;
  }

  canvas(letter) {
    return this.widget.option(letter).locator("canvas");
  }

  async shown(letters) {
    for (const letter of letters) {
      const canvas = this.canvas(letter);
      await expect(canvas).toBeAttached(DRAWN);
      await canvas.evaluate((canvas) => canvas.scrollIntoView({ block: "nearest" }));
      await expect.poll(() => canvas.evaluate(middle), { message: letter, ...DRAWN }).toBeGreaterThan(200);
    }
  }

  /** The pictures of all panels at one moment. */
  pictures() {
    return this.widget.options.locator("canvas").evaluateAll((all) => all.map((canvas) => canvas.toDataURL()));
  }

  /** Waits until panels have other pictures than these, and says which. */
  async changed(before, wanted) {
    await expect.poll(async () => (await this.pictures()).map((picture, i) => picture !== before[i])).toEqual(wanted);
    return this.pictures();
  }

  async drag(page, letter, right, down, button = "left") {
    const { x, y, width, height } = await this.canvas(letter).boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down({ button });
    await page.mouse.move(x + width / 2 + right, y + height / 2 + down, { steps: 3 });
    await page.mouse.up({ button });
  }
}

const tools = (widget) => widget.element.getByRole("group", { name: "Scenes" });

test("every format is shown in one of 16 panels, with one WebGL context and nothing from elsewhere", async ({ page, open, widget }) => {
  await countContexts(page);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const { server } = await compare(open, Object.values(ALL), { protocol: "best" });
  await new Panels(widget).shown(LETTERS);
  expect(await page.evaluate(() => window.contexts)).toBe(1);
  expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith("blob:"))).toEqual([]);
});

test("a plain GLB loads neither splats nor decoders", async ({ page, open, widget }) => {
  const sizes = [];
  page.on("response", async (response) => {
    if (response.url().includes("/panels/")) sizes.push((await response.body()).length);
  });
  await compare(open, [ALL.glb, ALL.glb]);
  await new Panels(widget).shown("AB");
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1_000_000);
});

test("cameras move together, and not those that are unlocked", async ({ page, open, widget }) => {
  const panels = new Panels(widget);
  const { study, server } = await compare(open, [ALL.glb, ALL.glb], { trials: 1 });
  await panels.shown("AB");
  const start = await panels.pictures();
  expect(start[1]).toBe(start[0]);

  await panels.drag(page, "A", 60, 20);
  const turned = await panels.changed(start, [true, true]);
  expect(turned[1]).toBe(turned[0]);

  await panels.canvas("B").hover();
  await page.mouse.wheel(0, -200);
  const zoomed = await panels.changed(turned, [false, false]); // the page scrolls, as the panel has no focus
  await panels.canvas("A").focus();
  await panels.canvas("A").hover();
  await page.mouse.wheel(0, -200);
  const larger = await panels.changed(zoomed, [true, true]);
  expect(larger[1]).toBe(larger[0]);

  await widget.choose("B", "Move on its own").click();
  await panels.canvas("A").focus();
  await page.keyboard.press("ArrowLeft");
  const apart = await panels.changed(larger, [true, false]);
  await panels.drag(page, "B", 0, 30, "right");
  const moved = await panels.changed(apart, [false, true]);

  await widget.choose("B", "Move on its own").click();
  const joined = await panels.changed(moved, [false, true]);
  expect(joined[1]).toBe(joined[0]);
  await page.keyboard.press("0");
  await expect.poll(() => panels.pictures()).toEqual(start);

  await widget.button("All bad").click();
  await widget.call("flush");
  const [vote] = await server.votes(study.id);
  const [a, b] = vote.shown.map((model) => vote.exposure[model]);
  expect(a).toMatchObject({ turns: 2, zoom: expect.any(Number) });
  expect(a.zoom).toBeGreaterThan(1.1);
  expect(b).toMatchObject({ turns: 1, zoom: a.zoom });
});

test("scenes of every size and place fill the same part of their panels", async ({ open, widget }) => {
  const panels = new Panels(widget);
  await compare(open, [ALL.glb, glb(CLAY, { scale: 300, offset: [4000, -70, 12] })]);
  await panels.shown("AB");
  const filled = await widget.options.locator("canvas").evaluateAll((all) =>
    all.map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 127).length / (canvas.width * canvas.height);
    }),
  );
  expect(filled[0]).toBeGreaterThan(0.2);
  expect(Math.abs(filled[0] - filled[1])).toBeLessThan(0.01);
});

test("a study allows for views; splats have one", async ({ page, open, widget }) => {
  const panels = new Panels(widget);
  await compare(open, [ALL.ktx2, ALL.splat], { scene: { views: ["shaded", "wireframe", "normals", "matcap", "counts"] } });
  await panels.shown("AB");
  const mesh = (await widget.option("A").getByText("Splats").count()) ? "B" : "A";
  const seen = [await panels.canvas(mesh).evaluate((canvas) => canvas.toDataURL())];
  for (const view of ["Wireframe", "Normals", "Clay (matcap)"]) {
    await tools(widget).getByRole("button", { name: view }).click();
    // One of them has no other view and says so.
    await expect(widget.element.getByText("Splats: shaded only")).toBeVisible();
    await expect.poll(() => panels.pictures()).toEqual(expect.not.arrayContaining(seen));
    seen.push(await panels.canvas(mesh).evaluate((canvas) => canvas.toDataURL()));
  }
  await page.keyboard.press("5");
  await expect(widget.element.getByText("400 splats")).toBeVisible();
  await expect(widget.element.getByText(/221 vertices\s+384 triangles/)).toBeVisible();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
});

test("with one view there is no switch", async ({ open, widget }) => {
  await compare(open, [ALL.glb, ALL.obj], { scene: { views: ["counts"] } });
  await new Panels(widget).shown("AB");
  await expect(tools(widget).getByRole("button", { name: "Counts" })).toHaveCount(0);
  await expect(widget.element.getByText("384 triangles")).toHaveCount(2);
});

test("animations are in step, and pause", async ({ page, open, widget }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  const panels = new Panels(widget);
  await compare(open, [ALL.animated, ALL.animated]);
  await panels.shown("AB");
  const before = await panels.pictures();
  for (let i = 0; i < 5; i++) {
    const [a, b] = await panels.changed(before, [true, true]);
    expect(b).toBe(a);
  }
  await page.keyboard.press(" ");
  await expect(tools(widget).getByRole("button", { name: "Play the animations" })).toBeVisible();
  const still = await panels.pictures();
  await panels.canvas("A").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => panels.pictures()).toEqual(still);
});

test("reduced motion: nothing moves until it is asked to", async ({ page, open, widget }) => {
  const panels = new Panels(widget);
  await compare(open, [ALL.animated, ALL.glb]);
  await panels.shown("AB");
  await expect(tools(widget).getByRole("button", { name: "Play the animations" })).toBeVisible();
  const turntable = tools(widget).getByRole("button", { name: "Turntable" });
  await expect(turntable).toHaveAttribute("aria-pressed", "false");
  const before = await panels.pictures();
  await page.keyboard.press(".");
  await expect(turntable).toHaveAttribute("aria-pressed", "true");
  await panels.changed(before, [true, true]);
});

test("a lost context is restored", async ({ page, open, widget }) => {
  await countContexts(page);
  const panels = new Panels(widget);
  await compare(open, [ALL.ktx2, ALL.spz]);
  await panels.shown("AB");
  const before = await panels.pictures();
  await page.evaluate(async () => {
    const canvas = window.lastContext.canvas;
    const extension = window.lastContext.getExtension("WEBGL_lose_context");
    const lost = new Promise((resolve) => canvas.addEventListener("webglcontextlost", resolve));
    extension.loseContext();
    await lost;
    // A context cannot be restored within the event that tells of its loss.
    await new Promise((resolve) => setTimeout(resolve));
    const restored = new Promise((resolve) => canvas.addEventListener("webglcontextrestored", resolve));
    extension.restoreContext();
    await restored;
  });
  await panels.canvas("A").focus();
  await page.keyboard.press("ArrowLeft");
  await panels.changed(before, [true, true]);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => panels.pictures()).toEqual(before);
});

test("50 trials of scenes leave the GPU's memory as it was", async ({ page, open, widget }) => {
  await page.setViewportSize({ width: 400, height: 400 });
  const kinds = [ALL.animated, ALL.ktx2, ALL.splat];
  const medium = (model, item) => kinds[(model + item) % kinds.length];
  await open({ medium, items: 3, models: 2, k: 2, trials: 50, matchmaking: { policy: "random" } });
  const panels = new Panels(widget);
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
    return usedSize + backingStorageSize;
  };
  const held = {};
  let before;
  for (let trial = 1; trial <= 50; trial++) {
    await widget.at(trial);
    await panels.shown("AB");
    const shown = await diagnostics(page);
    expect(shown.views).toBe(2);
    // By what is shown: trials of the same kinds of scene hold the same.
    const now = `${shown.geometries} geometries, ${shown.textures} textures`;
    (held[trial <= 25 ? "first" : "second"] ??= new Set()).add(now);
    if (trial === 25) before = await heap();
    if (trial === 50) expect(await heap()).toBeLessThan(before + 5_000_000);
    await widget.button("Skip").click();
  }
  await expect(widget.question).toHaveText("All done. Thank you!");
  expect([...held.second].sort()).toEqual([...held.first].sort());
  await expect.poll(async () => (await diagnostics(page))?.views ?? 0).toBe(0);
});

for (const [how, damage] of Object.entries(spoilt)) {
  test.describe(how, () => {
    // What the decoders say of a file.
    test.use({ expectedErrors: /THREE\.|RuntimeError|draco|basis/i });

    test("a damaged file of every format says so, and the study goes on", async ({ open, widget }) => {
      const files = FORMATS.map((format) => ({ extension: ALL[format].extension, bytes: damage(format, ALL[format].bytes) }));
      await open({ medium: (model, item) => (item === 0 ? files[model] : ALL.glb), items: 1, models: 16, k: 16, protocol: "best", trials: 2 });
      for (const letter of LETTERS) await expect(widget.option(letter).getByText(/3D scene/)).toBeVisible(DRAWN);
      await widget.button("Skip").click();
      await widget.at(2);
    });
  });
}

test("files that would keep the page busy for long are refused, and the study goes on", async ({ open, widget }) => {
  const files = Object.values(EXCESSIVE);
  const medium = (model, item) => (item === 0 ? files[model][0] : ALL.glb);
  const { study, server } = await open({ medium, items: 1, models: files.length, k: files.length, protocol: "best", trials: 2 });
  const wanted = files.map(([, reason]) => reason);
  for (const reason of new Set(wanted.map(String))) {
    const count = wanted.filter((other) => String(other) === reason).length;
    await expect(widget.options.getByText(wanted.find((other) => String(other) === reason))).toHaveCount(count, DRAWN);
  }
  await widget.button("Can't judge").click();
  await widget.at(2);
  await widget.call("flush");
  expect((await server.votes(study.id)).map(({ outcome }) => outcome)).toEqual(["unable"]);
});
