// The third view: raters answer here, one after another. It shows nothing that tells a model.
import { make } from "../dom.js";
import { button, field, textInput } from "./form.js";

/**
 * @param {string} url of the study
 * @param {{leave: () => void, took: (vote: object) => void}} app
 */
export function runView(url, { leave, took }) {
  const view = make("div", { className: "run" });
  const who = make("p", { className: "who", dir: "auto" });
  const place = make("div", { className: "stage-of-run" });

  const ask = () => {
    let rater;
    const input = textInput("", (value) => (rater = value), { maxlength: 200 });
    const about = { hint: "A name or a number, which stands in the votes. Left empty, one is made up." };
    const form = make("form", { className: "box ask" }, make("h2", { text: "Who is rating?" }), field(undefined, "Rater", input, about));
    form.append(make("div", { className: "row" }, make("button", { type: "submit", className: "primary", text: "Begin" })));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin(rater?.trim() || madeUp());
    });
    who.textContent = "";
    place.replaceChildren(form);
    input.focus();
  };
  const begin = (rater) => {
    const element = make("k-sort", { src: url, rater });
    element.addEventListener("k-sort-vote", ({ detail }) => took(detail));
    element.addEventListener("k-sort-ready", () => element.focus(), { once: true });
    who.textContent = `Rater ${rater}`;
    place.replaceChildren(element);
  };

  view.append(make("div", { className: "strip" }, who, button("New rater", ask, "quiet"), button("End", leave, "quiet")), place);
  return { view, ask };
}

function madeUp() {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return `rater-${Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => letters[byte % letters.length]).join("")}`;
}
