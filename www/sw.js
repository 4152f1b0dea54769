// The service worker of the pages: keeps the widget, and hands out what is kept where there is no network.

// Sets FILES, the files of this build with their integrity values, and VERSION, which is made of those.
importScripts("sw-files.js");

const WIDGET = `k-sort ${VERSION}`;
/** Caches of widgets; those of studies, which `offline.js` fills, are called otherwise. */
const IS_WIDGET = /^k-sort [0-9a-f]+$/;
const HOME = new URL("./", location).href;
const OWN = new Map(Object.entries(FILES).map(([file, integrity]) => [new URL(file, HOME).href, integrity]));

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method !== "GET" || new URL(url).origin !== location.origin) return;
  const own = ownFile(url);
  event.respondWith(own ? fromWidget(own, event.request) : fromNetwork(event.request));
});

/** All files or none. One of another build has another integrity value, so that builds never mix. */
async function keep() {
  const cache = await caches.open(WIDGET);
  await Promise.all(
    [...OWN].map(async ([url, integrity]) => {
      const response = await fetch(url, { integrity, cache: "no-cache" });
      if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
      await cache.put(url, response.redirected ? await direct(response) : response);
    }),
  );
}

/** The same as if it had come from the URL itself: browsers take no redirected one for a page. */
async function direct(response) {
  const { status, headers } = response;
  return new Response(await response.blob(), { status, headers });
}

/** What was kept for earlier builds, which no page uses any more when this one takes over. */
async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => IS_WIDGET.test(name) && name !== WIDGET).map((name) => caches.delete(name)));
}

/** The URL under which a file of the widget is kept. Parameters of a page are for its script. */
function ownFile(address) {
  const url = new URL(address);
  url.search = url.hash = "";
  const { href } = url;
  return [href, href === HOME && `${href}index.html`].find((href) => OWN.has(href));
}

async function fromWidget(url, request) {
  const cache = await caches.open(WIDGET);
  return (await cache.match(url)) ?? fetch(request);
}

/** The study and its media as they are now, or as they were kept. */
async function fromNetwork(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
}
