// The widget of a notebook, as anywidget runs it: shows the study that the kernel has, and gives the kernel its votes.
import "../k-sort.js";
import { connect, disconnect } from "./beside.js";

export default {
  initialize({ model }) {
    const asked = new Map();
    model.on("msg:custom", ({ answer, ...told }, [bytes]) => {
      asked.get(answer)?.({ ...told, bytes });
      asked.delete(answer);
    });
    const ask = (path) =>
      new Promise((resolve) => {
        // Every page that shows the widget hears the answers to all of them. Pages by plain http have no `randomUUID`.
        const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
        asked.set(id, resolve);
        model.send({ ask: id, path });
      });
    connect(idOf(model), ask);
    return () => disconnect(idOf(model));
  },

  render({ model, el }) {
    const element = document.createElement("k-sort");
    element.setAttribute("src", `ksort:/${idOf(model)}/study.json`);
    for (const name of ["rater", "session"]) if (model.get(`_${name}`) !== null) element.setAttribute(name, model.get(`_${name}`));
    element.style.setProperty("--k-sort-height", "auto");
    // Letters answer, and are no commands of the notebook.
    el.dataset.lmSuppressShortcuts = "true";
    const tell = () => {
      const criteria = element.study().criteria?.map(({ id }) => id) ?? ["overall"];
      const leaderboards = Object.fromEntries(criteria.map((criterion) => [criterion, element.leaderboard(criterion)]));
      model.send({ votes: element.votes(), leaderboards });
    };
    for (const event of ["k-sort-ready", "k-sort-vote"]) element.addEventListener(event, tell);
    el.append(element);
    return () => element.remove();
  },
};

/** The id of a widget's model, the same in the kernel. */
function idOf(model) {
  return model.get("_id");
}
