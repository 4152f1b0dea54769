// The widget's WebAssembly, loaded once for all that is on the page.
import init from "./pkg/k-sort.js";
import { fetchOwn } from "./own.js";

let loading;

/** Loads the WebAssembly; what `./pkg/k-sort.js` exports works from then on. A load that failed may succeed when it is tried again. */
export function loadWidget() {
  loading ??= init({ module_or_path: fetchOwn(new URL("./pkg/k-sort_bg.wasm", import.meta.url)) });
  loading.catch(() => (loading = undefined));
  return loading;
}
