// The widget's own files inside one script: whatever it would load from beside itself is there already.
import files from "k-sort:files";

/**
 * The URL of a file of the widget.
 *
 * @param {string} path as a script names it
 * @param {string} script that names it
 * @returns {URL} of type `data:`: from a page on a disk, browsers start no worker from another
 */
export function ownFile(path, script) {
  const { pathname } = new URL(path, `file:///${script}`);
  // Libraries also name files that they are never asked for.
  return new URL(files[pathname.slice(1)] ?? "about:blank");
}

/** Adds the text of the page itself to the files. */
export function keepPage(text) {
  files["k-sort.inline.html"] = `data:text/html;charset=utf-8,${encodeURIComponent(text)}`;
}
