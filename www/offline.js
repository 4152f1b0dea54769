// Has a page work without network after the first visit: keeps the widget, and the study with its media.

const WORKER = new URL("./sw.js", import.meta.url);
/** Most bytes of a study's media that are kept. */
const MOST = 500_000_000;

/**
 * Keeps the widget as soon as `element` has shown a group, and then its study.
 *
 * @param {HTMLElement} element a `<k-sort>`
 */
export function workOffline(element) {
  element.addEventListener(
    "k-sort-trial",
    async () => {
      if (!(await keepWidget())) return;
      await keepStudy(new URL(element.getAttribute("src"), document.baseURI), element.study()).catch(warn);
    },
    { once: true },
  );
}

/** Keeps the widget. Resolves when that is done, to whether it is. */
export async function keepWidget() {
  // Browsers have none on pages that came by plain http, and allow none on those from a disk. In a frame, the storage of the page
  // around is not ours to fill.
  if (!navigator.serviceWorker || location.protocol === "file:" || window !== top || WORKER.origin !== location.origin) return false;
  if (isPreview()) return false;
  try {
    await navigator.serviceWorker.register(WORKER, { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    // The browser is free to say no, and then forgets when it is short of room.
    await navigator.storage.persist();
    return true;
  } catch (error) {
    warn(error);
    return false;
  }
}

/** Whether the link is Mechanical Turk's for those who have not accepted yet: nothing is stored then. */
function isPreview() {
  return new URLSearchParams(location.search).get("assignmentId") === "ASSIGNMENT_ID_NOT_AVAILABLE";
}

function warn(error) {
  console.warn(`k-sort: this page does not work without network: ${error.message}`);
}

async function keepStudy(file, study) {
  if (file.origin !== location.origin) return;
  const cache = await caches.open(`k-sort study ${file}`);
  let room = MOST;
  // One at a time, as the rater waits for others.
  for (const url of [file.href, ...media(study, file)]) {
    const response = await fetch(url);
    if (!response.ok) continue;
    room -= (await response.clone().arrayBuffer()).byteLength;
    if (room < 0) throw new Error(`the study's media take more than ${MOST / 1e6} MB`);
    await cache.put(url, response);
  }
}

/** URLs of all media on the site of the page. Those of other sites may not say how large they are. */
function media({ items, practice = [], attention }, file) {
  const shown = [...items, ...practice, ...(attention?.checks ?? [])];
  const all = shown.flatMap(({ reference, outputs = {} }) => [reference, ...Object.values(outputs)]).filter(Boolean);
  const urls = all.flatMap((medium) => (typeof medium === "string" ? [medium] : [medium.src, medium.poster])).filter(Boolean);
  const absolute = urls.map((url) => new URL(url, file)).filter(({ origin }) => origin === location.origin);
  return [...new Set(absolute.map(({ href }) => href))];
}
