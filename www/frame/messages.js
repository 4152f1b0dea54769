// What the page around the frame is told, and may ask: messages `{v, type, id, payload}`, only for the origins that the study names.

const VERSION = 1;
/** Events of the element that are passed on as messages of the same name. */
const EVENTS = ["k-sort-ready", "k-sort-trial", "k-sort-vote", "k-sort-complete", "k-sort-error"];
const CALL = "k-sort-call";
const ANSWER = "k-sort-answer";
const THEMES = ["light", "dark", "auto"];

/** What a message may ask of the element. */
const METHODS = {
  votes: (element) => element.votes(),
  leaderboard: (element, criterion) => element.leaderboard(criterion),
  flush: (element) => element.flush(),
  theme(element, theme) {
    if (!THEMES.includes(theme)) throw new Error(`theme: found ${told(theme)}, expected one of ${THEMES.join(", ")}`);
    element.setAttribute("theme", theme);
  },
};

/**
 * Passes the element's events on, and answers what is asked of it.
 *
 * @param {HTMLElement} element a `<k-sort>`
 * @returns {(type: string, payload: object) => void} what sends another message
 */
export function talk(element) {
  if (parent === window) return () => {};
  const warn = warnOnce();
  let sent = 0;
  const origins = () => element.study()?.origins ?? [];

  const post = (type, payload, id = String(++sent)) => {
    const message = { v: VERSION, type, id, payload };
    for (const origin of origins()) if (isAround(origin)) parent.postMessage(message, origin);
  };

  const answer = async ({ v, id, payload }) => {
    try {
      if (v !== VERSION) throw new Error(`v: found ${told(v)}, expected ${VERSION}`);
      const { method, args = [] } = payload ?? {};
      if (!Object.hasOwn(METHODS, method)) {
        throw new Error(`payload.method: found ${told(method)}, expected one of ${Object.keys(METHODS).join(", ")}`);
      }
      if (!Array.isArray(args)) throw new Error(`payload.args: found ${told(args)}, expected a list`);
      post(ANSWER, { value: await METHODS[method](element, ...args) }, id);
    } catch (error) {
      post(ANSWER, { error: error.message }, id);
    }
  };

  for (const name of EVENTS) element.addEventListener(name, ({ detail }) => post(name, detail));
  element.addEventListener("k-sort-ready", () => {
    const [around] = location.ancestorOrigins ?? [];
    if (origins().length > 0 && around && !origins().includes(around)) warn(`it is told nothing, as it is of ${around}`);
  });
  addEventListener("message", ({ source, origin, data }) => {
    if (data?.type !== CALL) return;
    if (source === parent && origins().includes(origin)) answer(data);
    else warn(`a message of ${origin} is not heard`);
  });
  return post;
}

/** Whether the page around may be of an origin. Not every browser tells. */
function isAround(origin) {
  const [around] = location.ancestorOrigins ?? [];
  return !around || around === origin;
}

/** A value for a message. */
function told(value) {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function warnOnce() {
  let isWarned = false;
  return (what) => {
    if (!isWarned) console.warn(`k-sort: the page around the frame is not one that the study names in \`origins\`: ${what}`);
    isWarned = true;
  };
}
