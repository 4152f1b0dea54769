// Where a study of a notebook and its media come from: the kernel. Its widgets are told apart by their ids.

const SCHEME = "ksort:";
/** Milliseconds after which the kernel is given up. */
const PATIENCE = 60_000;
/** What asks each widget's kernel. The page has a copy of this script for every widget, and one element for all. */
const kernels = (globalThis[Symbol.for("k-sort kernels")] ??= new Map());

/**
 * Has files of a widget asked of its kernel.
 *
 * @param {string} id
 * @param {(path: string) => Promise<{bytes: DataView, type: string} | {error: string}>} ask
 * @returns {string} URL of its study
 */
export function connect(id, ask) {
  kernels.set(id, ask);
  return `${SCHEME}/${id}/study.json`;
}

export function disconnect(id) {
  kernels.delete(id);
}

/** Asks the kernel for what is its. @type {typeof globalThis.fetch} */
async function fetchBeside(input, how) {
  const url = input.url ?? String(input);
  if (!url.startsWith(SCHEME)) return globalThis.fetch(input, how);
  const [, id, ...path] = new URL(url).pathname.split("/");
  const ask = kernels.get(id);
  if (!ask) throw new TypeError("the widget of this output is gone");
  const { bytes, type, error } = await Promise.race([ask(decodeURIComponent(path.join("/"))), patience()]);
  if (error !== undefined) return new Response(error, { status: 404 });
  return new Response(bytes, { headers: { "content-type": type } });
}

function patience() {
  return new Promise((_, reject) => setTimeout(() => reject(new TypeError(`the kernel gave no answer within ${PATIENCE / 1000} s`)), PATIENCE));
}

// Takes the place of the global one in every script of the bundle.
export { fetchBeside as fetch };
