// Who takes a request to a back end. Each gives `{status, body, retryAfterMs, cursor}`; without a status, `body` says why there
// was no answer, in English words that can be looked up in the rater's language.

/** Milliseconds after which an answer is given up: a minute, as raters are told. */
const PATIENCE = 60_000;
/** Most bytes of an answer to votes. */
const MOST_BYTES = 1 << 20;

/** Makes a request over the network. An answer of more than so many bytes is none. */
export async function overNetwork({ method, url, headers, body, follow }, { keepalive = false, most = MOST_BYTES } = {}) {
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
      body: await textOf(response, most),
      retryAfterMs: retryAfterMs(response.headers.get("Retry-After")),
      cursor: response.headers.get("X-Next-Cursor") ?? undefined,
    };
  } catch (error) {
    if (error === TOO_LONG) return { body: "the server's answer is too long" };
    if (!navigator.onLine) return { body: "this device is offline" };
    if (signal.aborted) return { body: "the server gave no answer within a minute" };
    return { body: "the server could not be reached" };
  }
}

const TOO_LONG = new Error("an answer is too long");

/** The text of an answer, of which no more is read than wanted. */
async function textOf({ body }, most) {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = body?.getReader();
  for (let read; reader && !(read = await reader.read()).done; ) {
    size += read.value.length;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw TOO_LONG;
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now. How much of that is waited, the outbox says. */
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
        end({ status: 200, body: written(data.payload) });
      }
    };
    const patience = setTimeout(() => end({ body: "the page around gave no receipt within a minute" }), PATIENCE);
    addEventListener("message", hear);
    window.parent.postMessage(message, origin);
  });
}

/** What a page sent as a receipt, as JSON; nothing where that is more than a receipt can be, or cannot be written. */
function written(payload) {
  try {
    const text = JSON.stringify(payload ?? null);
    return text.length > MOST_BYTES ? "" : text;
  } catch {
    return "";
  }
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
