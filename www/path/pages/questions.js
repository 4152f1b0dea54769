// A page of a questionnaire.
import { make } from "../../dom.js";
import { button, page, row } from "../page.js";
import { field } from "./fields.js";

/**
 * @param {{title: string | null, text: string | null, questions: import("./fields.js").Question[]}} step
 * @param {import("../page.js").Means} means
 */
export async function questions({ title, text, questions }, { t, markdown, draft, check, done }) {
  const before = draft.read();
  const fields = questions.map((question, n) => field(question, n, t, Object.hasOwn(before, question.id) ? before[question.id] : undefined));
  const answers = () => Object.fromEntries(fields.map(({ id, value }) => [id, value()]).filter(([, value]) => value !== undefined));

  function hand() {
    const { problems, answers: read, end } = check(answers());
    for (const { id, tell } of fields) tell(problems.find(({ question }) => question === id));
    const first = fields.find(({ id }) => problems.some(({ question }) => question === id));
    if (first) return first.focus();
    draft.drop();
    done(read, end ?? undefined);
  }

  const form = make("div", { className: "fields" }, ...fields.map(({ element }) => element));
  form.addEventListener("input", () => draft.write(answers()));
  return page(title ?? t("A few questions"), await markdown(text), form, row(button(t("Go on"), hand, "primary")));
}
