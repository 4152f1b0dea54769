// The jobs of all elements on the page, and who does them: one worker, or the page itself where there is none to be had.

/** Milliseconds after which a job is ended. */
const LIMIT = 60_000;
/** Jobs that take long are done one at a time, so that each gets the time that it is given. */
const LONG = "ranks";

const jobs = new Map();
const WORKER = new URL("./worker.js", import.meta.url);
/** Named here also for the worker, which bundlers move elsewhere. */
const WASM = new URL("./engine_bg.wasm", import.meta.url).href;
let users = 0;
let lastId = 0;
let doer;
let inPage = false;

/** One more element. */
export function join() {
  users += 1;
}

/** An element is gone; with the last one the worker is. */
export function leave(owner) {
  for (const [id, job] of jobs) if (job.owner === owner) abort(id);
  users -= 1;
  if (users > 0) return;
  doer?.end();
  doer = undefined;
}

/** Has a job done. The job of the same name that the same element is waiting for is rejected with an `AbortError`. */
export function ask(owner, name, task) {
  for (const [id, job] of jobs) if (job.owner === owner && job.name === name) abort(id);
  return new Promise((resolve, reject) => {
    const id = ++lastId;
    jobs.set(id, { owner, name, task, resolve, reject });
    give(id);
  });
}

function abort(id) {
  doer?.cancel(id);
  take(id)?.reject(new DOMException("another has taken its place", "AbortError"));
}

function give(id) {
  const job = jobs.get(id);
  if (job.name === LONG && [...jobs.values()].some(({ name, timer }) => name === LONG && timer !== undefined)) return;
  job.timer = setTimeout(() => {
    take(id).reject(new DOMException(`it took more than ${LIMIT / 1000} s`, "TimeoutError"));
    restart();
  }, LIMIT);
  doer ??= inPage ? usePage() : useWorker();
  doer.give(id, job.name, job.task);
}

function take(id) {
  const job = jobs.get(id);
  jobs.delete(id);
  clearTimeout(job?.timer);
  if (job?.name === LONG && job.timer !== undefined) giveNext();
  return job;
}

function giveNext() {
  const waiting = [...jobs].find(([, { name, timer }]) => name === LONG && timer === undefined);
  if (waiting) give(waiting[0]);
}

function settle({ id, answer, error, broken }) {
  const job = take(id);
  if (error === undefined) job?.resolve(answer);
  else job?.reject(new Error(error));
  if (broken) restart();
}

/** Ends whoever does the jobs. Those that are left begin anew. */
function restart() {
  doer?.end();
  doer = undefined;
  for (const job of jobs.values()) {
    clearTimeout(job.timer);
    job.timer = undefined;
  }
  for (const id of jobs.keys()) give(id);
}

function useWorker() {
  const fail = (reason) => {
    if (doer !== self) return;
    warn(reason);
    restart();
  };
  let worker;
  try {
    worker = new Worker(script(), { type: "module" });
  } catch (error) {
    warn(error.message);
    return usePage();
  }
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.message || "it could not be loaded");
  });
  worker.addEventListener("message", ({ data }) => (data.failed ? fail(data.failed) : settle(data)));
  worker.postMessage({ wasm: WASM });
  const self = {
    give: (id, name, task) => worker.postMessage({ id, name, task }),
    cancel: (id) => worker.postMessage({ id }),
    end: () => worker.terminate(),
  };
  return self;
}

function warn(reason) {
  inPage = true;
  console.warn(`k-sort: no worker computes (${reason}), so that the page does`);
}

/** Workers have to come from the page's own origin, where a script may import another's. */
function script() {
  if (WORKER.origin === self.origin) return WORKER;
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(WORKER.href)};`], { type: "text/javascript" }));
}

function usePage() {
  const wanted = new Set();
  const loaded = import("./jobs.js").then(async ({ load, run }) => {
    await load(WASM);
    return run;
  });
  const self = {
    give(id, name, task) {
      wanted.add(id);
      loaded.then((run) => run(name, task, () => wanted.has(id))).then(
        // One that is not wanted any more may have begun anew elsewhere.
        (result) => wanted.delete(id) && settle({ id, ...result }),
        (error) => {
          // It may load when it is tried again.
          if (doer === self) doer = undefined;
          if (wanted.delete(id)) settle({ id, error: error.message });
        },
      );
    },
    cancel: (id) => wanted.delete(id),
    end: () => wanted.clear(),
  };
  return self;
}
