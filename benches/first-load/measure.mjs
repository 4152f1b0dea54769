// The same four pictures as a first trial, by jsPsych and by K-Sort: bytes and time, with nothing cached, on a slow machine and network.
// Arguments: the folder of the published widget, how often. CHROMIUM_BIN names the browser. Writes a table of medians.
import { chromium } from "playwright";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";

const [dist, times] = process.argv.slice(2);

/** Chrome's "Slow 4G", and a processor four times as slow. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: (1.6e6 / 8) * 0.9, uploadThroughput: (750e3 / 8) * 0.9 };
const SLOWER = 4;

const ITEM = "dahlia";
const MODELS = ["amber", "cobalt", "coral", "sage"];
const pictures = MODELS.map((model) => `media/${ITEM}/${model}.webp`);
const study = {
  version: 1,
  id: "first-load",
  models: MODELS.map((id) => ({ id, name: id })),
  items: [{ id: ITEM, outputs: Object.fromEntries(MODELS.map((model, n) => [model, `../${pictures[n]}`])) }],
};
const head = (rest) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">${rest}</head>`;
const PAGES = {
  "/jspsych.html": head(`<script src="jspsych/dist/index.browser.min.js"></script><script src="plugin/dist/index.browser.min.js"></script>
    <link rel="stylesheet" href="jspsych/css/jspsych.css"></head><body></body><script>
    const stimulus = ${JSON.stringify(pictures)}.map((src) => '<img width="200" src="' + src + '">').join("");
    initJsPsych().run([{ type: jsPsychHtmlButtonResponse, stimulus, choices: ["A", "B", "C", "D"] }]);</script></html>`),
  "/study/study.json": JSON.stringify(study),
};
const FOLDERS = {
  "/jspsych/": "node_modules/jspsych",
  "/plugin/": "node_modules/@jspsych/plugin-html-button-response",
  "/media/": "www/demo/media",
  "/": dist,
};
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".webp": "image/webp" };

const packed = new Map();

async function answer(path) {
  const [start, folder] = Object.entries(FOLDERS).find(([start]) => path.startsWith(start));
  const plain = PAGES[path] ?? (await readFile(join(resolve(folder), path.slice(start.length))));
  return extname(path) === ".webp" ? { body: plain } : { body: brotliCompressSync(plain), encoding: "br" };
}

const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://host").pathname;
  try {
    if (!packed.has(path)) packed.set(path, answer(path));
    const { body, encoding } = await packed.get(path);
    response.writeHead(200, { "content-type": TYPES[extname(path)], ...(encoding && { "content-encoding": encoding }) }).end(body);
  } catch (error) {
    response.writeHead(404).end(String(error));
  }
}).listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${server.address().port}`;

/** Milliseconds until all four pictures are there, and the bytes until then. */
async function load(browser, path) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", NETWORK);
  await client.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.goto(address + path, { waitUntil: "commit" });
  const shown = await page.waitForFunction((count) => {
    const root = document.querySelector("k-sort")?.shadowRoot ?? document;
    const all = [...root.querySelectorAll("img")].filter((image) => image.complete && image.naturalWidth > 0);
    return all.length === count ? performance.now() : undefined;
  }, MODELS.length);
  const time = await shown.jsonValue();
  await context.close();
  return { time, bytes };
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_BIN });
const loads = { jsPsych: [], "K-Sort": [] };
// What the server packs once, it packs before anything is measured.
for (const path of ["/jspsych.html", "/index.html"]) await load(browser, path);
for (let n = 0; n < Number(times); n++) {
  loads.jsPsych.push(await load(browser, "/jspsych.html"));
  loads["K-Sort"].push(await load(browser, "/index.html"));
}
await browser.close();
server.close();

const [theirs, ours] = Object.values(loads).map((all) => ({ time: median(all.map(({ time }) => time)), bytes: median(all.map(({ bytes }) => bytes)) }));
console.log(`| | jsPsych | K-Sort | ratio |
| --- | --- | --- | --- |
| bytes | ${(theirs.bytes / 1000).toFixed(0)} KB | ${(ours.bytes / 1000).toFixed(0)} KB | ${(ours.bytes / theirs.bytes).toFixed(2)} |
| time to the first trial | ${(theirs.time / 1000).toFixed(2)} s | ${(ours.time / 1000).toFixed(2)} s | ${(ours.time / theirs.time).toFixed(2)} |`);
