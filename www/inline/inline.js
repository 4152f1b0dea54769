// What the one file `k-sort.inline.html` shows: the study inside it, or the start page.
import { holdsStudy } from "./beside.js";
import { keepPage } from "./files.js";

const response = await fetch(new URL("../page.css", import.meta.url));
document.adoptedStyleSheets = [await new CSSStyleSheet().replace(await response.text())];

if (holdsStudy) {
  await import("../page.js");
} else {
  // The page offers itself, as it came, to be saved with a study inside.
  keepPage(`<!doctype html>\n${document.documentElement.outerHTML}\n`);
  await import("../local/local.js");
}
