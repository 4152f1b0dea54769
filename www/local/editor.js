// The second view: everything of a study in a form, checked by the reader of study files as it is typed.
import { make } from "../dom.js";
import { button, checkbox, field, numberInput, select, showProblems, textArea, textInput } from "./form.js";
import { line } from "./formats.js";
import { itemsTable, modelsTable } from "./grid.js";
import { notes } from "./notes.js";
import { preview } from "./preview.js";

const LAYOUTS = ["MODEL/ITEM.ext", "ITEM/MODEL.ext"].map((layout) => [layout, layout]);
const PROTOCOLS = [
  ["rank", "Rank all options"],
  ["best", "Pick the best"],
  ["best-worst", "Pick the best and the worst"],
  ["pairwise", "Compare two"],
  ["rate", "Rate each from 0 to 100"],
];
const QUESTIONS = {
  rank: "Rank the options from best to worst.",
  best: "Which option is best?",
  "best-worst": "Which option is best, and which is worst?",
  pairwise: "Which option is better?",
  rate: "How good is each option?",
};
const POLICIES = [
  ["information-gain", "The group that tells most"],
  ["k-sort", "As in K-Sort Arena"],
  ["random", "At random"],
  ["balanced", "Every pair equally often"],
];
const REVEALS = [
  ["never", "Never"],
  ["after-vote", "After each answer"],
  ["at-end", "At the end"],
];

/**
 * @param {import("./project.js").Project} project
 * @param {{run: () => void, saveStudy: () => Promise<void>, saveOneFile: () => Promise<void>, redraw: () => void}} app
 */
export function editorView(project, app) {
  const { study } = project;
  const form = make("form", { className: "view editor" });
  form.addEventListener("submit", (event) => event.preventDefault());
  const state = make("p", { className: "state", role: "status" });
  const others = make("div");
  const run = button("Run here", app.run, "primary");
  const oneFile = button("Save as one HTML file", app.saveOneFile);

  const check = () => {
    const problems = project.problems();
    const rest = showProblems(form, problems);
    others.replaceChildren(notes("Errors of the study file", rest.map(line), "problem"));
    const count = problems.length;
    state.classList.toggle("bad", count > 0);
    state.textContent = count === 0 ? summary(study) : count === 1 ? "There is one error." : `There are ${count} errors.`;
    run.disabled = oneFile.disabled = count > 0 || project.lacksMedia;
  };
  /** What sets a key; one that was not there and gets its default stays away. */
  const set = (key, fallback) => (value) => {
    if (value === undefined || (value === fallback && !(key in study))) delete study[key];
    else study[key] = value;
    check();
  };

  const protocol = study.protocol ?? "rank";
  const chooseProtocol = (value) => {
    // Another number of options would be an error there.
    if (value === "pairwise") delete study.k;
    set("protocol", "rank")(value);
    app.redraw();
  };
  const layout = () => {
    const told = project.ambiguous ? "This folder can be read both ways." : "What folders and files are named after.";
    const choose = (value) => {
      project.begin(value);
      app.redraw();
    };
    return field(undefined, "Folders", select(project.layout, LAYOUTS, choose), { hint: told });
  };

  form.append(
    make(
      "div",
      { className: "head" },
      make("h2", { text: "The study" }),
      state,
      make("div", { className: "row" }, run, button("Save study.json", app.saveStudy), oneFile),
    ),
    others,
    notes("About the files", project.notes),
    group(
      "About",
      ...(project.layout ? [layout()] : []),
      field("title", "Title", textInput(study.title, set("title"))),
      field("id", "Id", textInput(study.id, set("id")), { hint: "Names the study in votes: letters, digits, - and _." }),
      field("description", "Description", textArea(study.description, set("description")), { hint: "What raters should know. It stands under “About”." }),
    ),
    group(
      "What is asked",
      field("protocol", "Raters", select(protocol, PROTOCOLS, chooseProtocol)),
      ...(protocol === "pairwise" ? [] : [field("k", "Options at once (K)", numberInput(study.k, set("k"), { placeholder: 4 }), { hint: "2 to 16" })]),
      field("trials", "Trials for each rater", numberInput(study.trials, set("trials"), { placeholder: 20 })),
      criteria(study, QUESTIONS[protocol], check),
    ),
    group(
      "How",
      field(
        "matchmaking.policy",
        "The next group",
        select(study.matchmaking?.policy ?? "information-gain", POLICIES, (policy) => {
          study.matchmaking = { ...study.matchmaking, policy };
          check();
        }),
      ),
      field("reveal", "Names of models are shown", select(study.reveal ?? "never", REVEALS, set("reveal", "never"))),
      field("ties", "Options may tie", checkbox(study.ties ?? true, set("ties", true))),
      field("skip", "Trials may be skipped", checkbox(study.skip ?? true, set("skip", true))),
    ),
    group("First item", preview(project)),
    group("Models", modelsTable(study.models, check)),
    group("Items", itemsTable(study, check)),
  );
  check();
  return form;
}

function group(legend, ...parts) {
  return make("section", { className: "box group" }, make("h3", { text: legend }), ...parts);
}

function summary({ models, items }) {
  const count = (n, one, many) => (n === 1 ? `one ${one}` : `${n.toLocaleString("en")} ${many}`);
  return `${count(models.length, "model", "models")}, ${count(items.length, "item", "items")}, no errors.`;
}

/** The questions, with buttons to add and to remove one. */
function criteria(study, question, check) {
  const list = make("div", { className: "criteria" });
  const take = (entries) => {
    if (entries.length > 0) study.criteria = entries;
    else delete study.criteria;
  };
  const show = () => {
    const entries = study.criteria ?? [{ id: "overall", question: undefined }];
    const rows = entries.map((entry, n) => {
      const tell = (key) => (value) => {
        if (value === undefined) delete entry[key];
        else entry[key] = value;
        // The one question there is goes with the protocol, until it is another.
        const isDefault = entries.length === 1 && entry.id === "overall" && entry.question === undefined;
        take(isDefault ? [] : entries);
        check();
      };
      const remove = button("Remove", () => {
        take(entries.filter((other) => other !== entry));
        show();
        check();
        list.querySelector("input").focus();
      });
      remove.setAttribute("aria-label", `Remove question ${n + 1}`);
      const several = entries.length > 1;
      const about = several ? undefined : { hint: "Left empty, it goes with what raters do." };
      return make(
        "div",
        { className: "criterion" },
        field(`criteria[${n}].question`, several ? `Question ${n + 1}` : "Question", textInput(entry.question, tell("question"), { placeholder: question }), about),
        field(`criteria[${n}].id`, several ? `Id ${n + 1}` : "Id", textInput(entry.id, tell("id"))),
        ...(several ? [remove] : []),
      );
    });
    const add = button("Add a question", () => {
      const known = new Set(entries.map(({ id }) => id));
      let number = entries.length + 1;
      while (known.has(`question-${number}`)) number++;
      take([...entries.map((entry) => ({ ...entry, question: entry.question ?? question })), { id: `question-${number}`, question: "" }]);
      show();
      check();
      list.querySelector(".criterion:last-of-type input").focus();
    });
    list.replaceChildren(...rows, add);
  };
  show();
  return list;
}
