// Tables of models and items, of which only what can be said by hand is a field.
import { make } from "../dom.js";
import { button, field, textInput } from "./form.js";
import { textOf } from "./project.js";

/** Rows that are made at once. */
const SLICE = 50;

/** What they are called. */
export function modelsTable(models, check) {
  const row = (model, n) => {
    const name = textInput(model.name, into(model, "name", check), { placeholder: model.id });
    return [
      make("th", { scope: "row", dir: "auto", text: model.id ?? "" }),
      make("td", {}, field(`models[${n}].name`, `Name of ${model.id}`, name, { bare: true })),
    ];
  };
  return table("Models", ["Model", "Name"], models, row);
}

/** What was asked for, and of which models there are outputs. */
export function itemsTable({ items, models }, check) {
  const row = (item, n) => {
    const missing = models.filter(({ id }) => !Object.hasOwn(item.outputs ?? {}, id)).map(({ name, id }) => textOf(name) ?? id);
    const prompt = textInput(item.prompt, into(item, "prompt", check));
    return [
      make("th", { scope: "row", dir: "auto", text: item.id ?? "" }),
      make("td", {}, field(`items[${n}].prompt`, `Prompt of ${item.id}`, prompt, { bare: true })),
      make("td", { className: "muted", text: missing.length === 0 ? "all" : `without ${missing.join(", ")}` }),
    ];
  };
  return table("Items", ["Item", "Prompt", "Outputs"], items, row);
}

function into(entry, key, check) {
  return (value) => {
    if (value === undefined) delete entry[key];
    else entry[key] = value;
    check();
  };
}

function table(name, heads, entries, row) {
  const body = make("tbody");
  const head = make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col", text }))));
  const scroll = make("div", { className: "scroll", tabindex: 0, role: "region", "aria-label": name }, make("table", {}, head, body));
  const more = button("", () => show(), "quiet");
  const show = () => {
    const from = body.rows.length;
    body.append(...entries.slice(from, from + SLICE).map((entry, n) => make("tr", {}, ...row(entry, from + n))));
    const left = entries.length - body.rows.length;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(SLICE, left)} more of ${left.toLocaleString("en")}`;
  };
  show();
  return make("div", { className: "grid-of" }, scroll, more);
}
