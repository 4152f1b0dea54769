// The standalone page: one element that fills the window.
import { elementOfAddress } from "./address.js";
import { workOffline } from "./offline.js";

const element = elementOfAddress();
const heading = document.createElement("h1");
heading.textContent = document.title;
// Keys work without a first click, as the page is there for nothing else.
element.addEventListener("k-sort-ready", () => {
  heading.textContent = document.title;
  element.focus();
});
workOffline(element);
const main = document.createElement("main");
main.append(heading, element);
document.body.append(main);
