// The element that a page's address asks for: ?study=URL&rater=ID&session=ID&scorer=cpu
import "./k-sort.js";

const ATTRIBUTES = ["rater", "session", "theme", "lang", "shortcuts", "scorer"];

/** A `<k-sort>` with the attributes that the address gives. The page is called as its study is. */
export function elementOfAddress() {
  const parameters = new URLSearchParams(location.search);
  const element = document.createElement("k-sort");
  element.setAttribute("src", parameters.get("study") || "study/study.json");
  for (const name of ATTRIBUTES) {
    const value = parameters.get(name);
    if (value) element.setAttribute(name, value);
  }
  element.addEventListener("k-sort-ready", ({ detail }) => (document.title = detail.title));
  return element;
}
