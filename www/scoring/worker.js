// A module worker that does jobs. Messages in: {id, name, task}, or {id} to cancel; out: {id, answer} or {id, error}.
import { load, run } from "./jobs.js";

const wanted = new Set();
const loaded = load();
loaded.catch((error) => postMessage({ failed: error.message }));

addEventListener("message", async ({ data: { id, name, task } }) => {
  if (name === undefined) return void wanted.delete(id);
  wanted.add(id);
  await loaded;
  const result = await run(name, task, () => wanted.has(id));
  wanted.delete(id);
  postMessage({ id, ...result });
});
