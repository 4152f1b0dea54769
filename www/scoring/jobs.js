// The jobs, wherever they are done.
import { fetchOwn } from "../own.js";
import init, { draw, ranks } from "./engine.js";

/** Milliseconds of work after which others have their turn. */
const STINT = 10;

const JOBS = {
  draw: (task) => draw(task),
  async ranks(task, pause) {
    const [answer, better] = await ranks(task, pause);
    return { ...JSON.parse(answer), better };
  },
};

let loading;

/** Loads the WebAssembly from its URL, once. */
export function load(url) {
  loading ??= init({ module_or_path: fetchOwn(new URL(url)) });
  loading.catch(() => (loading = undefined));
  return loading;
}

/** Does a job while `isWanted`. */
export async function run(name, task, isWanted) {
  const turns = new MessageChannel();
  try {
    return { answer: await JOBS[name](task, pauses(turns, isWanted)) };
  } catch (error) {
    return { error: error.message ?? String(error), broken: error instanceof WebAssembly.RuntimeError };
  } finally {
    turns.port1.close();
  }
}

/** Gives nothing, or when it is time a promise of whether to go on, which lets other messages through. */
function pauses({ port1, port2 }, isWanted) {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STINT) return undefined;
    return new Promise((resolve) => {
      port1.onmessage = () => {
        since = performance.now();
        resolve(isWanted());
      };
      port2.postMessage(undefined);
    });
  };
}
