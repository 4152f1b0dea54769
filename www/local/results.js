// The last view: one leaderboard of all raters' votes, and all of it as files.
import { make } from "../dom.js";
import { saveFile } from "../save.js";
import { open } from "../scoring/scoring.js";
import { button } from "./form.js";
import { notes } from "./notes.js";

/** Media types of files by their extension. */
const TYPES = { json: "application/json", csv: "text/csv", jsonl: "application/x-ndjson" };

/**
 * @param {object} votes see `collectVotes`
 * @param {{name: string, problems: string[], texts?: () => Promise<Map<string, string>>, addVotes: () => void}} how `name` begins the names of
 *   files; `texts` gives the texts that are at hand, where there is a study
 */
export function resultsView(votes, { name, problems, texts, addVotes }) {
  const { boards, votes: count, ranked, raters } = votes.told();
  const scoring = open(() => null);
  const place = make("div", { className: "leaderboard" });
  const left = make("div", { role: "status" });
  const source = `From ${counted(count, "answer", "answers")} of ${counted(raters, "rater", "raters")}, ${counted(ranked, "ranking", "rankings")}.`;

  const save = (suffix, write) => async () => {
    try {
      const { text, extension, left_out: reasons } = await write();
      saveFile(`${name}-${suffix}.${extension}`, [text], TYPES[extension] ?? "text/plain");
      left.replaceChildren(notes("Left out of the file", reasons.map(([reason, votes]) => `${counted(votes, "vote", "votes")}: ${reason}`)));
    } catch (error) {
      left.replaceChildren(notes("The file could not be written", error.message.split("\n"), "problem"));
    }
  };
  const several = boards.length > 1;
  const orders = boards.map(({ criterion }) => {
    return button(several ? `PrefLib: ${criterion}` : "PrefLib", save(several ? `votes-${criterion}` : "votes", () => votes.preflib(criterion)));
  });
  const pairs = texts ? [button("Preference pairs", save("pairs", async () => votes.pairs(await texts())))] : [];
  const row = (text, ...buttons) => make("div", { className: "files-of" }, make("h4", { text }), make("div", { className: "row" }, ...buttons));
  const files = make(
    "section",
    { className: "box group" },
    make("h3", { text: "Save" }),
    row("Votes", button("JSON Lines", save("votes", votes.jsonl)), button("CSV", save("votes", votes.csv)), ...orders, ...pairs),
    row(
      "Leaderboard",
      ...Object.entries({ "JSON": "json", "CSV": "csv", "JSON Lines": "jsonl" }).map(([label, extension]) => {
        const as = button(label, save("leaderboard", () => votes.leaderboard(extension)));
        as.setAttribute("aria-label", `Leaderboard as ${label}`);
        return as;
      }),
    ),
    left,
  );
  const none = make("p", { className: "box", text: "There are no votes yet. Run the study here, or add files of votes: they can also be dropped here." });
  const view = make(
    "div",
    { className: "view results" },
    make("div", { className: "head" }, make("h2", { text: "Results" }), make("div", { className: "row" }, button("Add vote files", addVotes))),
    notes("What could not be read", problems, "problem"),
    count === 0 ? none : place,
    files,
  );
  return {
    view,
    async show() {
      if (count === 0) return;
      const shown = scoring.showLeaderboard(place, JSON.stringify(boards.map((board) => ({ ...board, source }))));
      // What was left meanwhile has no place to be shown in.
      await shown.catch((error) => {
        if (view.isConnected) throw error;
      });
    },
    close() {
      scoring.close();
      votes.free();
    },
  };
}

function counted(n, one, many) {
  return n === 1 ? `one ${one}` : `${n.toLocaleString("en")} ${many}`;
}
