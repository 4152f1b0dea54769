// Has the browser check each script that a published widget loads on demand, before it runs.

/**
 * Loads scripts for an import that follows: what the module map holds is what the import runs.
 *
 * @param {string} files with their hashes: `panels/panels-3fa9c1d2.js#sha256-… …`
 * @param {string} base URL that they are relative to
 */
globalThis[Symbol.for("k-sort verify")] = (files, base) => Promise.all(files.split(" ").map((file) => load(new URL(file, base))));

function load(url) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.crossOrigin = "anonymous";
    link.integrity = url.hash.slice(1);
    url.hash = "";
    link.href = url;
    const end = (settle) => () => {
      link.remove();
      settle();
    };
    link.onload = end(resolve);
    link.onerror = end(() => reject(new Error(`${url.pathname.split("/").pop()} could not be loaded, or is not the file that was published`)));
    document.head.append(link);
  });
}
