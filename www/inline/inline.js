// What the one file `k-sort.inline.html` shows: the study inside it, or the start page.
import { holdsStudy } from "./beside.js";
import { keepPage } from "./files.js";

const sheet = async (url) => new CSSStyleSheet().replace(await (await fetch(url)).text());

const [styles, show] = holdsStudy
  ? [[new URL("../page.css", import.meta.url)], () => import("../page.js")]
  : [[new URL("../page.css", import.meta.url), new URL("../local/local.css", import.meta.url)], () => import("../local/local.js")];
// The page offers itself, as it came, to be saved with a study inside.
if (!holdsStudy) keepPage(`<!doctype html>\n${document.documentElement.outerHTML}\n`);
document.adoptedStyleSheets = await Promise.all(styles.map(sheet));
await show();
