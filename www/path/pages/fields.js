// The fields of a questionnaire, one for each type of question.
import { make } from "../../dom.js";
import { isGrouped, plainNumber } from "./number.js";

/**
 * @typedef {object} Question
 * @property {string} id
 * @property {"choice" | "likert" | "number" | "text"} type
 * @property {string} question
 * @property {boolean} required
 * @property {{value: string, label: string}[]} [options] of a choice
 * @property {boolean} [many] whether a choice may be of several
 * @property {number} [points] of a Likert scale
 * @property {[string, string]} [labels] of its ends
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [whole] whether a number has no fraction
 * @property {boolean} [long] whether a text may have several lines
 * @property {number} [most] characters of a text
 */

/**
 * @typedef {object} Field
 * @property {string} id
 * @property {HTMLElement} element
 * @property {() => unknown} value the answer, `undefined` where there is none
 * @property {(found?: {message: string, part: string}) => void} tell
 * @property {() => void} focus
 */

const TYPES = { choice, likert, number, text };

/** @param {Question} question @param {number} n of the page @returns {Field} */
export function field(question, n, t, before) {
  const name = `question-${n}`;
  const problem = make("p", { className: "problem", id: `${name}-problem`, dir: "auto" });
  const label = [make("span", { dir: "auto", text: question.question })];
  if (!question.required) label.push(" ", make("span", { className: "muted", text: t("(optional)") }));
  const { element, control, value, focus, mend } = TYPES[question.type](question, { name, label, t, before });
  control.setAttribute("aria-describedby", problem.id);
  element.append(problem);
  problem.hidden = true;
  return {
    id: question.id,
    element,
    value,
    focus,
    tell(found) {
      problem.textContent = found ? (mend?.() ?? t(found.message, found.part)) : "";
      problem.hidden = !found;
      control.setAttribute("aria-invalid", Boolean(found));
    },
  };
}

function choice({ options, many }, { name, label, before }) {
  const chosen = new Set([before].flat());
  const rows = options.map(({ value, label }) => {
    const input = make("input", { type: many ? "checkbox" : "radio", name, value });
    input.checked = chosen.has(value);
    return { input, row: make("label", { className: "choice" }, input, make("span", { dir: "auto", text: label })) };
  });
  const inputs = rows.map(({ input }) => input);
  const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    ...group(many ? "group" : "radiogroup", label, ...rows.map(({ row }) => row)),
    value: () => (many ? values().length > 0 ? values() : undefined : values()[0]),
    focus: () => inputs[0].focus(),
  };
}

function likert({ points, labels = [] }, { name, label, before }) {
  const [low, high] = labels;
  const inputs = Array.from({ length: points }, (_, n) => {
    const end = n === 0 ? low : n === points - 1 ? high : undefined;
    const input = make("input", { type: "radio", name, value: n + 1, "aria-label": end ? `${n + 1}, ${end}` : String(n + 1) });
    input.checked = before === n + 1;
    return input;
  });
  const chips = inputs.map((input, n) => make("label", { className: "chip" }, input, make("span", { "aria-hidden": "true", text: n + 1 })));
  // Each radio at an end has its words in its name.
  const ends = make("div", { className: "ends muted", "aria-hidden": "true" }, ...[low ?? "", high ?? ""].map((text) => make("span", { dir: "auto", text })));
  const chosen = () => inputs.find((input) => input.checked);
  return {
    ...group("radiogroup", label, make("div", { className: "scale" }, make("div", { className: "chips" }, ...chips), ends)),
    value: () => chosen() && Number(chosen().value),
    focus: () => inputs[0].focus(),
  };
}

function number({ min, max, whole }, { name, label, t, before }) {
  const input = make("input", { id: name, inputmode: whole ? "numeric" : "decimal", autocomplete: "off", dir: "ltr" });
  input.value = before ?? "";
  const range = [min !== undefined && t("at least {0}", min), max !== undefined && t("at most {0}", max)].filter(Boolean).join(", ");
  return {
    ...line(name, label, input, range),
    value: () => plainNumber(input.value, whole),
    focus: () => input.focus(),
    // What judges the answer does not know how it was typed.
    mend: () => (isGrouped(input.value, whole) ? t("Please enter the number without marks between thousands.") : undefined),
  };
}

function text({ long, most }, { name, label, before }) {
  const input = make(long ? "textarea" : "input", { id: name, dir: "auto", ...(long && { rows: "4" }), ...(most && { maxlength: most }) });
  input.value = before ?? "";
  return { ...line(name, label, input), value: () => input.value.trim() || undefined, focus: () => input.focus() };
}

/** Inputs that are answered as one. */
function group(role, label, ...content) {
  const element = make("fieldset", { className: "field", role }, make("legend", {}, ...label), ...content);
  return { element, control: element };
}

function line(name, label, input, hint) {
  const told = hint ? [make("span", { className: "muted", text: hint })] : [];
  return { element: make("div", { className: "field" }, make("label", { for: name }, ...label, ...told), input), control: input };
}
