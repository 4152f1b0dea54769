// Fetches the study file, and media for the panels.
import { wordsOf } from "./words.js";

/**
 * Fetches a medium.
 *
 * @param {string} url
 * @param {(part: number) => boolean} progress told with every piece how much is there, 0 to 1, or -1 where the server does not say how
 *   much there will be; gives whether the rest is wanted
 * @param {boolean} [isPicture] whether it is to be shown as a picture
 * @param {(text: string, ...parts: unknown[]) => string} [t] says a text in the rater's language
 * @returns {Promise<Blob>}
 * @throws {Error} in words for the rater. They do not quote the browser's, which may name the URL, and so the model.
 */
export async function fetchMedium(url, progress, isPicture = false, t = wordsOf(document)) {
  const response = await fetch(url).catch(() => {
    throw new Error(t("the file could not be fetched"));
  });
  if (response.status === 404) throw new Error(t("the file was not found (404)"));
  if (!response.ok) throw new Error(t("the server answered {0}", `${response.status} ${response.statusText}`.trim()));
  const type = response.headers.get("content-type") ?? "";
  // Of a compressed answer, the length tells the compressed size.
  const whole = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length"));
  const parts = [];
  let size = 0;
  try {
    const reader = response.body.getReader();
    for (let read; !(read = await reader.read()).done; ) {
      parts.push(read.value);
      size += read.value.length;
      if (!progress(whole > 0 ? Math.min(size / whole, 1) : -1)) await reader.cancel();
    }
  } catch {
    throw new Error(t("the connection broke off while the file was loading"));
  }
  const blob = new Blob(parts, { type });
  // Browsers draw nothing else as SVG, whatever it is called and begins with.
  return isPicture && blob.type.split(";")[0].trim() === "image/svg+xml" ? showable(blob, t) : blob;
}

/** A picture in SVG, unless it would keep the browser busy for ever. */
async function showable(blob, t) {
  const { checkedVector } = await import("./content/vector.js").catch(() => {
    throw new Error(t("the file could not be fetched"));
  });
  return checkedVector(blob).catch((error) => {
    throw new Error(t(error.message));
  });
}

/**
 * Fetches the study file, asking the server anew.
 *
 * @param {string} url
 * @param {(text: string, ...parts: unknown[]) => string} t says a text in the rater's language
 * @param {boolean} isOwnOnly whether it has to be of the page's own origin, wherever the server leads
 * @returns {Promise<string>}
 * @throws {Error} in words for the rater
 */
export async function fetchStudy(url, t, isOwnOnly) {
  const response = await fetch(url, { cache: "no-cache" }).catch((error) => {
    throw new Error(navigator.onLine ? `${t("the server could not be reached")} (${error.message})` : t("this device is offline"));
  });
  if (response.status === 404) throw new Error(t("the file was not found (404)"));
  if (!response.ok) throw new Error(t("the server answered {0}", `${response.status} ${response.statusText}`.trim()));
  if (isOwnOnly && response.redirected) expectOwn(response.url, t);
  return response.text();
}

/** What has the pages of the server show studies of other origins. */
const ALLOWED_BY = "ksort serve --foreign-studies";

/**
 * Refuses a study file of another origin than the page's.
 *
 * @param {string} url
 * @param {(text: string, ...parts: unknown[]) => string} t says a text in the rater's language
 * @throws {Error} in words for the rater
 */
export function expectOwn(url, t) {
  const { origin } = new URL(url);
  if (origin === location.origin) return;
  const message = t("this page shows studies of {0} only, not of {1}; whoever runs the server can allow others ({2})", location.origin, origin, ALLOWED_BY);
  throw Object.assign(new Error(message), { told: "foreign-study" });
}
