// What a page still holds after elements have come and gone.

/** Counts what is alive of these, by the name of their class. */
const CLASSES = ["AudioContext", "BroadcastChannel", "GPUDevice", "MutationObserver", "ResizeObserver", "WebGL2RenderingContext"];

/** Counts object URLs; to be called before the page opens. */
export async function countUrls(page) {
  await page.addInitScript(() => {
    const urls = (window.objectUrls = new Set());
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (what) => {
      const url = createObjectURL.call(URL, what);
      urls.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      urls.delete(url);
      revokeObjectURL.call(URL, url);
    };
  });
}

/** What is alive now that garbage is gone. */
export async function alive(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  // Twice, as what finalizers let go of is garbage only then.
  for (const _ of [1, 2]) await client.send("HeapProfiler.collectGarbage");
  const { metrics } = await client.send("Performance.getMetrics");
  const metric = (name) => metrics.find((one) => one.name === name).value;
  const found = {
    listeners: metric("JSEventListeners"),
    nodes: metric("Nodes"),
    frames: metric("Frames"),
    heap: metric("JSHeapUsedSize"),
    workers: page.workers().length,
    urls: await page.evaluate(() => window.objectUrls.size),
  };
  for (const name of CLASSES) found[name] = await instances(client, name);
  await client.detach();
  return found;
}

async function instances(client, name) {
  const { result } = await client.send("Runtime.evaluate", { expression: `globalThis.${name}?.prototype`, objectGroup: "leaks" });
  if (result.type === "undefined") return 0;
  const { objects } = await client.send("Runtime.queryObjects", { prototypeObjectId: result.objectId, objectGroup: "leaks" });
  const { result: length } = await client.send("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: "function () { return this.length; }",
  });
  await client.send("Runtime.releaseObjectGroup", { objectGroup: "leaks" });
  return length.value;
}
