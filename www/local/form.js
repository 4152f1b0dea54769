// Fields of a form, each of which stands for a key of the study file and shows what is wrong with it.
import { make } from "../dom.js";

let lastId = 0;

export function button(text, act, className = "") {
  const element = make("button", { type: "button", className, text });
  element.addEventListener("click", act);
  return element;
}

/**
 * A labelled control.
 *
 * @param {string | undefined} place of its value in the study file, such as `items[3].prompt`, if it has one there
 * @param {string} label
 * @param {HTMLElement} control
 * @param {{hint?: string, bare?: boolean}} [how] `bare`: the label is for those who do not see the column that it is in
 */
export function field(place, label, control, { hint, bare } = {}) {
  const id = `field-${++lastId}`;
  const wrong = make("p", { className: "wrong", id: `${id}-wrong` });
  wrong.hidden = true;
  const about = hint ? [make("p", { className: "muted hint-text", id: `${id}-hint`, text: hint })] : [];
  control.id = id;
  control.setAttribute("aria-describedby", [...about.map((element) => element.id), wrong.id].join(" "));
  const name = make("label", { for: id, className: bare ? "unseen" : "", text: label });
  const isCheck = control.type === "checkbox";
  const parts = isCheck ? [make("div", { className: "check" }, control, name)] : [name, control];
  const element = make("div", { className: "field" }, ...parts, ...about, wrong);
  if (place) element.dataset.place = place;
  return Object.assign(element, { control });
}

/** Shows problems at their fields below `form`; gives those that no field stands for. */
export function showProblems(form, problems) {
  const rest = new Set(problems);
  for (const element of form.querySelectorAll("[data-place]")) {
    const { place } = element.dataset;
    const own = problems.filter((problem) => problem.place === place);
    own.forEach((problem) => rest.delete(problem));
    const wrong = element.querySelector(".wrong");
    wrong.hidden = own.length === 0;
    wrong.textContent = own.map(({ found, expected }) => `Found ${found}, expected ${expected}.`).join(" ");
    element.control.setAttribute("aria-invalid", String(own.length > 0));
  }
  return [...rest];
}

/** A control that tells what a person makes of it. */
function control(tag, attributes, event, tell) {
  const element = make(tag, attributes);
  element.addEventListener(event, () => tell(element));
  return element;
}

/** A line of text; an empty one is none. */
export function textInput(value, tell, attributes = {}) {
  const input = control("input", { type: "text", autocomplete: "off", dir: "auto", ...attributes }, "input", ({ value }) => tell(value || undefined));
  input.value = typeof value === "string" ? value : "";
  return input;
}

/** Several lines of text. */
export function textArea(value, tell) {
  const input = control("textarea", { rows: 3, dir: "auto" }, "input", ({ value }) => tell(value || undefined));
  input.value = typeof value === "string" ? value : "";
  return input;
}

/** A whole number; what is none is told as it was written, for the reader to say so. */
export function numberInput(value, tell, attributes) {
  const read = (text) => (text.trim() === "" ? undefined : /^\s*-?\d+\s*$/.test(text) ? Number(text) : text);
  const input = control("input", { type: "text", inputmode: "numeric", autocomplete: "off", ...attributes }, "input", ({ value }) => tell(read(value)));
  input.value = value ?? "";
  return input;
}

export function checkbox(value, tell) {
  const input = control("input", { type: "checkbox" }, "change", ({ checked }) => tell(checked));
  input.checked = value;
  return input;
}

/** One of several values, `[[value, text]]`. A value that is none of them is kept until another is chosen. */
export function select(value, choices, tell) {
  const element = control("select", {}, "change", ({ value }) => tell(value));
  const known = choices.some(([choice]) => choice === value);
  const all = known ? choices : [...choices, [String(value), String(value)]];
  element.append(...all.map(([value, text]) => make("option", { value, text })));
  element.value = value;
  return element;
}
