// The first view: what to do, and what a folder looks like.
import { make } from "../dom.js";
import { button } from "./form.js";

const MODEL_ITEM = "my-media/\n├─ sdxl/\n│  ├─ cat.png\n│  └─ dog.png\n└─ dalle/\n   ├─ cat.png\n   └─ dog.png";
const ITEM_MODEL = "my-media/\n├─ cat/\n│  ├─ sdxl.png\n│  └─ dalle.png\n└─ dog/\n   ├─ sdxl.png\n   └─ dalle.png";

/** @param {{openFolder: () => void, openFiles: () => void, openVotes: () => void}} app */
export function startView({ openFolder, openFiles, openVotes }) {
  const well = make(
    "section",
    { className: "well" },
    make("h2", { text: "Drop a folder here" }),
    make("p", { className: "muted", text: "with outputs of at least two models. Nothing leaves this computer." }),
    button("Choose a folder", openFolder, "primary"),
  );
  const example = (title, tree, text) =>
    make("figure", { className: "box" }, make("figcaption", {}, make("strong", { text: title }), ` ${text}`), make("pre", { text: tree }));
  const other = (text, label, act) => make("div", { className: "box other" }, make("p", { text }), button(label, act));
  return make(
    "div",
    { className: "view start" },
    make("p", { className: "lead", text: "Rank the outputs of generative models that lie in a folder: pictures, videos, sounds, 3D scenes, texts or web pages." }),
    well,
    make("h2", { className: "unseen", text: "How a folder is read" }),
    make(
      "div",
      { className: "two" },
      example("MODEL/ITEM.ext", MODEL_ITEM, "A folder for each model."),
      example("ITEM/MODEL.ext", ITEM_MODEL, "A folder for each item, such as a prompt."),
    ),
    make("h2", { className: "unseen", text: "What else can be opened" }),
    make(
      "div",
      { className: "two" },
      other("A study.json in the folder is used as it is. Its file alone will do if its media are on the web.", "Open a study file", openFiles),
      other("Files of votes from several raters make one leaderboard: JSON Lines, CSV or PrefLib.", "Open vote files", openVotes),
    ),
  );
}
