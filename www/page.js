// The standalone page, also for a frame: index.html?study=URL&rater=ID&session=ID&scorer=cpu
import "./k-sort.js";

const parameters = new URLSearchParams(location.search);
const element = document.createElement("k-sort");
element.setAttribute("src", parameters.get("study") || "study/study.json");
for (const name of ["rater", "session", "theme", "lang", "shortcuts", "scorer"]) {
  const value = parameters.get(name);
  if (value) element.setAttribute(name, value);
}
const heading = document.createElement("h1");
heading.textContent = document.title;
// Keys work without a first click, as the page is there for nothing else.
element.addEventListener("k-sort-ready", (event) => {
  heading.textContent = document.title = event.detail.title;
  element.focus();
});
const main = document.createElement("main");
main.append(heading, element);
document.body.append(main);
