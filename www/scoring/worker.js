// A module worker that does jobs. Messages in: at first {wasm}, its URL, then {id, name, task}, or {id} to cancel;
// out: {id, answer} or {id, error}.
import { load, run } from "./jobs.js";

const wanted = new Set();
let loaded;

addEventListener("message", async ({ data: { wasm, id, name, task } }) => {
  if (wasm) {
    loaded = load(wasm);
    return void loaded.catch((error) => postMessage({ failed: error.message }));
  }
  if (name === undefined) return void wanted.delete(id);
  wanted.add(id);
  await loaded;
  const result = await run(name, task, () => wanted.has(id));
  wanted.delete(id);
  postMessage({ id, ...result });
});
