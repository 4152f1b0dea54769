// Who takes a request to a back end. Each gives `{status, body, retryAfterMs, cursor}`; without a status, `body` says why there
// was no answer, in English words that can be looked up in the rater's language.

/** Milliseconds after which an answer is given up: a minute, as raters are told. */
const PATIENCE = 60_000;

/** Makes a request over the network. */
export async function overNetwork({ method, url, headers, body, follow }, { keepalive = false } = {}) {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: method === "GET" ? undefined : body,
      // A redirected POST would arrive as a GET, and whatever answers that has stored nothing.
      redirect: follow ? "follow" : "error",
      cache: "no-store",
      keepalive,
      signal,
    });
    return {
      status: response.status,
      body: await response.text(),
      retryAfterMs: retryAfterMs(response.headers.get("Retry-After")),
      cursor: response.headers.get("X-Next-Cursor") ?? undefined,
    };
  } catch {
    if (!navigator.onLine) return { body: "this device is offline" };
    if (signal.aborted) return { body: "the server gave no answer within a minute" };
    return { body: "the server could not be reached" };
  }
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now. */
function retryAfterMs(value) {
  if (!value) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(date - Date.now(), 0);
}

/** Sends a message to the page around the frame, and waits for its receipt. */
export function toPageAround({ url: origin, body }) {
  if (window.parent === window) return { body: "this page is not in a frame" };
  const message = JSON.parse(body);
  return new Promise((resolve) => {
    const end = (reply) => {
      removeEventListener("message", hear);
      clearTimeout(patience);
      resolve(reply);
    };
    const hear = ({ source, origin: from, data }) => {
      if (source !== window.parent || from !== origin) return;
      if (data?.v === 1 && data.type === "k-sort-receipt" && data.id === message.id) {
        end({ status: 200, body: JSON.stringify(data.payload ?? null) });
      }
    };
    const patience = setTimeout(() => end({ body: "the page around gave no receipt within a minute" }), PATIENCE);
    addEventListener("message", hear);
    window.parent.postMessage(message, origin);
  });
}

/** Has `jatos.js`, where it is on the page, append to the result data. */
export async function toJatos({ body }) {
  const { jatos } = globalThis;
  if (!jatos) return { body: "jatos.js is not on this page" };
  try {
    await ready(jatos);
    await jatos.appendResultData(body);
    return { status: 200, body: "" };
  } catch (error) {
    return { body: `JATOS did not take it (${error?.message ?? error})` };
  }
}

function ready(jatos) {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error("jatos.js does not get ready")), PATIENCE);
    jatos.onLoad(() => {
      clearTimeout(patience);
      resolve();
    });
  });
}
