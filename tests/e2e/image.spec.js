import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { avif, gif, png, svg } from "./support/media.js";
import { makeStudy, picture, write } from "./support/study.js";
import { expect, test } from "./support/test.js";

/** Pictures of one motif in two sizes. */
const twoSizes = (model) => {
  const side = model % 2 ? 512 : 64;
  return { extension: "png", bytes: png(side, side, [40 * model, 120, 200]) };
};

const hosts = (widget) => widget.options.locator(".shown");
const pictures = (widget) => widget.options.locator("img.picture");

/** Of each picture: how much larger it is than its panel, and which part of it is at the panel's centre. */
const views = (widget) =>
  hosts(widget).evaluateAll((all) =>
    all.map((host) => {
      const box = host.getBoundingClientRect();
      const image = host.querySelector("img").getBoundingClientRect();
      const round = (number) => Math.round(number * 1000) / 1000;
      return {
        zoom: round(image.width / box.width),
        x: round((box.x + box.width / 2 - image.x) / image.width),
        y: round((box.y + box.height / 2 - image.y) / image.height),
      };
    }),
  );

const WHOLE = { zoom: 1, x: 0.5, y: 0.5 };

async function centre(locator, right = 0.5, down = 0.5) {
  const { x, y, width, height } = await locator.boundingBox();
  return [x + width * right, y + height * down];
}

test("the wheel zooms all pictures at the same relative place, whatever their size", async ({ page, open, widget }) => {
  await open({ medium: twoSizes });
  await expect(pictures(widget)).toHaveCount(4);
  expect(await views(widget)).toEqual(Array(4).fill(WHOLE));
  await page.mouse.move(...(await centre(hosts(widget).nth(1), 0.6, 0.4)));
  await page.mouse.wheel(0, -600);
  await expect.poll(async () => (await views(widget))[0].zoom).toBeGreaterThan(2);
  const [first, ...others] = await views(widget);
  expect(others).toEqual(Array(3).fill(first));
  expect(first.x).toBeGreaterThan(0.5);
  expect(first.y).toBeLessThan(0.5);
  await page.keyboard.press("0");
  await expect.poll(() => views(widget)).toEqual(Array(4).fill(WHOLE));
});

test("a hand, keys and buttons move all; a panel that is let go moves on its own", async ({ page, open, widget }) => {
  await open({ medium: twoSizes });
  await expect(pictures(widget)).toHaveCount(4);
  await widget.button("Zoom in").click();
  await widget.button("Zoom in").press("ArrowRight");
  await expect(widget.button("Whole pictures")).toBeFocused();
  for (let n = 0; n < 4; n++) await page.keyboard.press("+");
  await expect.poll(async () => (await views(widget)).map(({ zoom }) => zoom)).toEqual(Array(4).fill(3.052));
  await expect(widget.element.getByLabel("Zoom", { exact: true })).toHaveText("3.1×");

  const [x, y] = await centre(hosts(widget).first());
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y - 30, { steps: 3 });
  await page.mouse.up();
  await expect.poll(async () => (await views(widget))[3].x).toBeGreaterThan(0.52);
  const moved = await views(widget);
  expect(moved.slice(1)).toEqual(Array(3).fill(moved[0]));
  await page.keyboard.press("ArrowLeft");
  await expect.poll(async () => (await views(widget))[3].x).toBeLessThan(moved[3].x);

  const before = await views(widget);
  await widget.choose("D", "Move on its own").click();
  await widget.button("Zoom out").click();
  await expect.poll(async () => (await views(widget))[0].zoom).toBeLessThan(3);
  expect((await views(widget))[3]).toEqual(before[3]);
  await page.mouse.move(...(await centre(hosts(widget).nth(3))));
  await page.mouse.wheel(0, -300);
  await expect.poll(async () => (await views(widget))[3].zoom).toBeGreaterThan(before[3].zoom);
  expect((await views(widget))[0].zoom).toBeLessThan(3);
  await widget.choose("D", "Move on its own").click();
  await expect.poll(async () => new Set((await views(widget)).map((view) => JSON.stringify(view))).size).toBe(1);
});

test("a double click shows the picture's own pixels, crisp, and the vote tells how far the rater zoomed", async ({ page, open, widget }) => {
  const { server, study } = await open({ medium: twoSizes });
  await expect(pictures(widget)).toHaveCount(4);
  const rendering = () => pictures(widget).evaluateAll((all) => all.map((one) => getComputedStyle(one).imageRendering));
  expect(await rendering()).toEqual(Array(4).fill("auto"));
  await page.mouse.dblclick(...(await centre(hosts(widget).first())));
  await expect.poll(async () => (await views(widget))[0].zoom).toBeGreaterThan(2.4);
  for (let n = 0; n < 6; n++) await page.keyboard.press("+");
  await expect.poll(rendering).toEqual(Array(4).fill("pixelated"));
  await expect.poll(async () => (await views(widget))[0].zoom).toBeGreaterThan(9);
  const { zoom } = (await views(widget))[0];
  await page.keyboard.press("0");
  await widget.button("All bad").click();
  await widget.at(2);
  await widget.call("flush");
  const [vote] = await server.votes(study.id);
  for (const model of vote.shown) expect(vote.exposure[model].zoom).toBeCloseTo(zoom, 1);
});

test("with two fingers pictures are zoomed and moved", async ({ browser, folder, serve }) => {
  const study = await makeStudy(join(folder, "study"), { medium: twoSizes });
  const server = await serve(study.folder);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(server.page({ rater: "r" }));
  const host = page.locator("k-sort .option .shown").first();
  await expect(host.locator("img")).toBeVisible();
  const [x, y] = await centre(host);
  const client = await context.newCDPSession(page);
  const touch = (type, apart) =>
    client.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: apart === undefined ? [] : [{ x: x - apart, y, id: 0 }, { x: x + apart, y, id: 1 }],
    });
  await touch("touchStart", 15);
  for (const apart of [20, 30, 45]) await touch("touchMove", apart);
  await touch("touchEnd");
  const zooms = () => page.locator("k-sort .option .shown").evaluateAll((all) => all.map((one) => one.querySelector("img").getBoundingClientRect().width / one.getBoundingClientRect().width));
  await expect.poll(async () => Math.min(...(await zooms()))).toBeGreaterThan(2.5);
  await context.close();
});

test("in one place the option is shown whose letter is held, and letters pick nothing", async ({ page, open, widget }) => {
  await open();
  await widget.models();
  const visible = () => widget.element.locator(".comparison .box").evaluateAll((all) => all.flatMap((box, n) => (box.style.visibility === "visible" ? [n] : [])));
  await widget.question.click();
  await page.keyboard.press("v");
  await expect(widget.element.getByRole("group", { name: "In one place: option A" })).toBeVisible();
  expect(await visible()).toEqual([0]);
  await page.keyboard.down("c");
  await expect.poll(visible).toEqual([2]);
  await page.keyboard.up("c");
  await expect.poll(visible).toEqual([0]);
  await widget.button("Show option B").click();
  await expect.poll(visible).toEqual([1]);
  expect(await widget.ranks()).toEqual([null, null, null, null]);
  await page.keyboard.press("Escape");
  await expect(widget.element.locator(".comparison")).toHaveCount(0);
  await page.keyboard.press("c");
  expect(await widget.ranks()).toEqual([null, null, 1, null]);
});

test("while pictures are compared in one place no letter answers, not even for one that failed", async ({ page, open, widget }) => {
  const medium = (model) => (model === 0 ? { extension: "png", bytes: "nonsense" } : picture(model, 0));
  await open({ medium, models: 4, k: 4, items: 1, protocol: "best" });
  await expect(pictures(widget)).toHaveCount(3);
  await widget.question.click();
  // The letter comes before what shows pictures in one place is loaded.
  await page.keyboard.press("v");
  await page.keyboard.press("b");
  await expect(widget.element.locator(".comparison")).toBeVisible();
  for (const letter of ["a", "b", "c", "d"]) await page.keyboard.press(letter);
  await page.keyboard.press("Escape");
  await expect(widget.element.locator(".comparison")).toHaveCount(0);
  await widget.at(1);
  expect(await widget.call("votes")).toEqual([]);
});

test("a slider wipes from one picture to another", async ({ page, open, widget }) => {
  await open();
  await widget.models();
  await widget.button("Compare two with a slider").click();
  const boxes = widget.element.locator(".comparison .box");
  const clips = () => boxes.evaluateAll((all) => all.map((box) => (box.style.visibility === "visible" ? box.style.clipPath : "")));
  await expect.poll(clips).toEqual(["inset(0px 50% 0px 0px)", "inset(0px 0px 0px 50%)", "", ""]);
  await widget.element.getByLabel("Right picture").selectOption("D");
  await widget.element.getByLabel("Place of the line between them").fill("20");
  await expect.poll(clips).toEqual(["inset(0px 80% 0px 0px)", "", "", "inset(0px 0px 0px 20%)"]);
  await widget.button("Back to all").click();
  await expect(widget.button("Compare two with a slider")).toBeFocused();
});

test("pictures of every format are shown, turned as they say, and none of them runs", async ({ page, open, widget }) => {
  // As wide as high in pixels, three times as high as wide when it is turned as its EXIF says.
  await page.goto("about:blank");
  const encoded = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(48, 16);
    canvas.getContext("2d").fillRect(0, 0, 48, 16);
    const bytes = async (type) => [...new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer())];
    return { jpg: await bytes("image/jpeg"), webp: await bytes("image/webp") };
  });
  const exif = Buffer.from("ffe100224578696600004d4d002a00000008000101120003000000010006000000000000", "hex");
  const jpg = Buffer.concat([Buffer.from(encoded.jpg.slice(0, 2)), exif, Buffer.from(encoded.jpg.slice(2))]);
  const files = [
    { extension: "jpg", bytes: jpg },
    { extension: "webp", bytes: Buffer.from(encoded.webp) },
    { extension: "avif", bytes: avif() },
    { extension: "gif", bytes: gif() },
    { extension: "svg", bytes: svg(`<script>top.ran = true; window.ran = true</script><rect width="30" height="20" onload="top.ran = true"/>`) },
  ];
  await open({ medium: (model) => files[model], k: 5, items: 1 });
  await expect(pictures(widget)).toHaveCount(5);
  const sizes = await pictures(widget).evaluateAll((all) => all.map((one) => [one.naturalWidth, one.naturalHeight].join(" x ")));
  expect(sizes.sort()).toEqual(["16 x 48", "16 x 16", "2 x 2", "30 x 20", "48 x 16"].sort());
  expect(await page.evaluate(() => window.ran)).toBeUndefined();
});

/** A picture in SVG that draws one shape `10 ** levels` times. */
const laughing = (levels) => {
  const groups = Array.from({ length: levels }, (_, n) => `<g id="n${n}">${(n ? `<use href="#n${n - 1}"/>` : "<rect width='9' height='9'/>").repeat(10)}</g>`);
  return svg(`<defs>${groups.join("")}</defs><use href="#n${levels - 1}"/>`);
};

test("a picture that would never be drawn to its end says so, and the trial goes on", async ({ page, open, widget }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const inside = (text) => `<image href="data:image/svg+xml;base64,${Buffer.from(text).toString("base64")}" width="9" height="9"/>`;
  const entities = Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n} "${n ? `&e${n - 1};`.repeat(10) : "<rect/>"}">`).join("");
  const files = [
    laughing(12),
    svg(inside(laughing(12))),
    Buffer.concat([Buffer.from(`<!DOCTYPE svg [${entities}]>`), svg("&e11;")]),
    // In an encoding of its own.
    Buffer.from(`\ufeff${laughing(12)}`, "utf16le"),
    laughing(2),
  ];
  const medium = (model) => ({ extension: "svg", bytes: files[model] });
  const { study, server } = await open({ medium, models: files.length, k: files.length, trials: 2 });
  await expect(widget.options.getByText("the picture is too complex to be shown")).toHaveCount(4);
  await expect(pictures(widget)).toHaveCount(1);
  expect(asked.some((url) => url.includes("/content/"))).toBe(true);
  await widget.button("Can't judge").click();
  await widget.at(2);
  await widget.call("flush");
  expect((await server.votes(study.id)).map(({ outcome }) => outcome)).toEqual(["unable"]);
});

test("what a server does not call SVG is drawn by nobody, and what it does is looked at whatever its name", async ({ page, folder, host, widget }) => {
  const study = await makeStudy(join(folder, "study"), { models: 5, items: 1, k: 5 });
  const types = ["image/png", "application/octet-stream", "text/xml", "IMAGE/SVG+XML; charset=utf-16"];
  const routes = { "/": pageWith(`<k-sort src="study/study.json"></k-sort>`), "/study/": study.folder };
  const [item] = study.file.items;
  item.outputs[study.models[4]] = `data:image/svg+xml;base64,${laughing(12).toString("base64")}`;
  await write(study.folder, "study.json", JSON.stringify(study.file));
  for (const [n, type] of types.entries()) {
    routes[`/study/${study.files[n]}`] = (_, response) => response.writeHead(200, { "content-type": type }).end(laughing(12));
  }
  const site = await host(routes);
  await page.goto(site.url);
  await expect(widget.options.getByText("the file is no picture that this browser can show")).toHaveCount(3);
  await expect(widget.options.getByText("the picture is too complex to be shown")).toHaveCount(2);
});

test("letters of an encoding that a picture in SVG names are shown as they are", async ({ page, folder, serve, widget }) => {
  const text = `<?xml version="1.0" encoding="ENCODING"?>${svg(`<title>Größe</title><rect id="größe" width="30" height="20"/><use href="#größe"/>`)}`;
  const files = [
    Buffer.from(text.replace("ENCODING", "iso-8859-1"), "latin1"),
    Buffer.from(text.replace("ENCODING", "utf-8")),
    Buffer.from(`\ufeff${text.replace("ENCODING", "utf-16")}`, "utf16le"),
  ];
  const study = await makeStudy(join(folder, "study"), { medium: (model) => ({ extension: "svg", bytes: files[model] }), models: 3, items: 1 });
  const server = await serve(study.folder);
  await page.goto(server.page({ rater: "r" }));
  await expect(pictures(widget)).toHaveCount(3);
  const sizes = await pictures(widget).evaluateAll((all) => all.map(({ naturalWidth }) => naturalWidth));
  expect(sizes).toEqual([30, 30, 30]);
});

test("one panel or all of them fill the screen, and the keys are listed", async ({ page, open, widget }) => {
  await open();
  await widget.models();
  const full = () => widget.element.evaluate((element) => element.shadowRoot.fullscreenElement?.className ?? null);
  await widget.choose("B", "Show option B in full screen").click();
  await expect.poll(full).toBe("frame");
  await widget.choose("B", "Show option B in full screen").click();
  await expect.poll(full).toBe(null);
  await widget.button("Show all in full screen").click();
  await expect.poll(full).toBe("widget");
  await page.keyboard.press("b");
  expect((await widget.ranks())[1]).toBe(1);
  await page.keyboard.press("s");
  await widget.at(2);
  await expect.poll(full, "the next trial too").toBe("widget");
  await expect(widget.button("Show all in full screen")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("?");
  const keys = widget.element.getByRole("dialog", { name: "Keys" });
  await expect(keys.getByText("Give the next rank")).toBeVisible();
  await expect(keys.getByText("Zoom all pictures")).toBeVisible();
  await page.keyboard.press("c");
  expect((await widget.ranks())[2], "no key answers behind the list").toBe(null);
  await page.keyboard.press("Escape");
  await expect(keys).toHaveCount(0);
});

test("a reference stands beside the options, and takes part", async ({ page, folder, serve, widget }) => {
  const made = await makeStudy(join(folder, "study"), { items: 1 });
  const [item] = made.file.items;
  // The same file as one of the options.
  await write(made.folder, "study.json", JSON.stringify({ ...made.file, items: [{ ...item, reference: item.outputs[made.models[0]] }] }));
  const server = await serve(made.folder);
  await page.goto(server.page({ rater: "r" }));
  const reference = widget.element.getByRole("group", { name: "Reference", exact: true });
  await expect(reference.locator("img")).toBeVisible();
  await expect(pictures(widget)).toHaveCount(4);
  await widget.button("Zoom in").click();
  await expect.poll(() => reference.locator("img").evaluate((image) => image.style.transform)).toContain("scale(1.25)");
  await widget.button("Compare in one place").click();
  await widget.button("Show the reference").click();
  await expect(widget.element.getByRole("group", { name: "In one place: the reference" })).toBeVisible();
});

test.describe("where a script is out of reach for a while", () => {
  test.use({ expectedErrors: /Failed to load resource|ERR_FAILED/ });

  test("panels say so, and show when they are tried again", async ({ page, folder, serve, widget }) => {
    const study = await makeStudy(join(folder, "study"));
    const server = await serve(study.folder);
    await page.route("**/panels/image*.css", (route) => route.abort());
    await page.goto(server.page({ rater: "r" }));
    await expect(widget.element.getByText("This option could not be loaded.")).toHaveCount(4);
    await page.unroute("**/panels/image*.css");
    for (const letter of ["A", "B", "C", "D"]) await widget.choose(letter, "Try again").click();
    await expect(pictures(widget)).toHaveCount(4);
    await widget.rankTruly();
    await widget.at(2);
  });
});

test("an image study loads nothing of other kinds", async ({ page, open, widget }) => {
  const asked = [];
  page.on("request", (request) => /\/(panels|content)\//.test(request.url()) && asked.push(request.url()));
  await open({ medium: picture, trials: 2 });
  await widget.rankTruly();
  await widget.at(2);
  expect(asked.filter((url) => /(scene|audio|video|text|web|content)[^/]*$|\/content\//.test(url))).toEqual([]);
  expect(asked.some((url) => /\/image(-\w+)?\.js$/.test(url))).toBe(true);
});
