// A plugin for jsPsych 8: a study, of one trial or many, as one trial of a timeline.
import { studyFile } from "./study.js";

/** Types of parameters, as jsPsych numbers them. */
const [STRING, INT, COMPLEX] = [1, 2, 13];

const info = /** @type {const} */ ({
  name: "k-sort",
  version: "0.1.0",
  parameters: {
    /** URL of the study file, or what would stand in it. */
    study: { type: COMPLEX, default: undefined },
    /** Id of the rater. Without one, a new one for the page. */
    rater: { type: STRING, default: null },
    /** Id of the session. Without one, each trial of the timeline is a new session. */
    session: { type: STRING, default: null },
  },
  data: {
    /** The vote records, in the order they were given. */
    votes: { type: COMPLEX, array: true },
    /** The models by score, best first, on the study's first criterion. */
    leaderboard: { type: COMPLEX, array: true },
    /** Milliseconds from the first group on screen to the end of the study; null where the session was complete before. */
    rt: { type: INT },
    /** Why votes are not with a back end of the study; null where all are. */
    delivery_error: { type: STRING },
  },
  citations: {},
});

export default class KSortPlugin {
  static info = info;
  /** Who answers, where the timeline does not say. */
  static #rater;

  #jsPsych;

  constructor(jsPsych) {
    this.#jsPsych = jsPsych;
  }

  /** Shows the study. Resolves to the trial's data once it is complete, and its votes are delivered or refused. */
  async trial(place, { study, rater, session }, onLoad) {
    if (!customElements.get("k-sort")) throw new Error("k-sort: found no element <k-sort>, expected k-sort.js to be loaded before the timeline runs");
    const source = typeof study === "string" ? study : URL.createObjectURL(studyFile(study, document.baseURI));
    const element = document.createElement("k-sort");
    element.setAttribute("src", source);
    element.setAttribute("session", session ?? this.#jsPsych.randomization.randomID(20));
    element.setAttribute("rater", rater ?? (KSortPlugin.#rater ??= this.#jsPsych.randomization.randomID(20)));
    // What jsPsych shows is as wide as its content, and the element as wide as what it is in.
    Object.assign(element.style, { inlineSize: "95vw", maxInlineSize: "100%" });
    let begun = null;
    element.addEventListener("k-sort-trial", () => (begun ??= performance.now()));
    try {
      const complete = happens(element, "k-sort-complete");
      const ready = happens(element, "k-sort-ready");
      place.append(element);
      await Promise.all([ready.then(onLoad), complete]);
      const rt = begun && Math.round(performance.now() - begun);
      const error = await element.flush().then(() => null, (error) => error.message);
      return { votes: element.votes(), leaderboard: element.leaderboard(), rt, delivery_error: error };
    } finally {
      if (source !== study) URL.revokeObjectURL(source);
    }
  }

  /** Gives data without showing the study: votes are for people to give. */
  async simulate(_trial, _mode, options, onLoad) {
    onLoad();
    const rt = this.#jsPsych.randomization.sampleExGaussian(5000, 500, 1 / 1500, true);
    return this.#jsPsych.pluginAPI.mergeSimulationData({ votes: [], leaderboard: [], rt, delivery_error: null }, options);
  }
}

/** What the study cannot be shown after. */
const FATAL = ["start", "foreign-study", "study-load", "study-invalid", "link", "panic"];

/** Resolves when the element tells of it. Rejects when the study cannot be shown, which the element says too. */
function happens(element, name) {
  return new Promise((resolve, reject) => {
    element.addEventListener(name, resolve, { once: true });
    element.addEventListener("k-sort-error", ({ detail: { code, message } }) => FATAL.includes(code) && reject(new Error(`k-sort: ${message}`)));
  });
}
