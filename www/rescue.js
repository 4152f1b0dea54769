// What a person sees after the widget broke: nothing is lost, here are the votes.
// Reads the browser's database without the wasm, which cannot be trusted any more.
import { saveFile } from "./save.js";
import { wordsOf } from "./words.js";

/** Replaces an element's content by a page that offers the votes in this browser as a file. */
export function rescue(element, message) {
  const t = wordsOf(element);
  const title = node("h2", t("Something broke, and it is not your fault"));
  const text = node("p", t("What this browser has stored of your answers is safe. Reload the page to go on, or download them here."));
  const reason = node("p", message.split("\n")[0]);
  reason.className = "reason";
  const reload = button(t("Reload the page"), () => location.reload());
  reload.className = "primary";
  const download = button(t("Download answers"), async () => {
    try {
      saveFile("k-sort-votes.jsonl", (await votes()).map((record) => JSON.stringify(record) + "\n"));
    } catch (error) {
      reason.textContent = t("There are no answers to be had from this browser: {0}", error.message);
    }
  });
  const row = node("div");
  row.className = "row";
  row.append(reload, download);
  const page = node("div");
  page.className = "page problem";
  page.setAttribute("role", "alert");
  page.append(title, text, reason, row);
  const widget = node("div");
  widget.className = "widget";
  widget.append(page);
  const { lang = "", dir = "" } = element.shadowRoot.firstElementChild ?? {};
  Object.assign(widget, { lang, dir });
  element.shadowRoot.replaceChildren(widget);
  const detail = { code: "panic", message };
  element.dispatchEvent(new CustomEvent("k-sort-error", { bubbles: true, composed: true, detail }));
}

function node(name, text = "") {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function button(label, act) {
  const element = node("button", label);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

function votes() {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open("k-sort");
    // There is no database yet, and making an empty one would shut the widget out of it.
    open.onupgradeneeded = () => open.transaction.abort();
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const all = open.result.transaction("votes").objectStore("votes").getAll();
      all.onerror = () => reject(all.error);
      all.onsuccess = () => resolve(all.result);
    };
  });
}
