import type { JsPsych, JsPsychPlugin, TrialType } from "jspsych";

/** Types of parameters, as jsPsych numbers them. */
type STRING = 1;
type INT = 2;
type COMPLEX = 13;

declare const info: {
  readonly name: "k-sort";
  readonly version: string;
  readonly parameters: {
    /** URL of the study file, or what would stand in it. */
    readonly study: { readonly type: COMPLEX; readonly default: undefined };
    /** Id of the rater. Without one, a new one for the page. */
    readonly rater: { readonly type: STRING; readonly default: null };
    /** Id of the session. Without one, each trial of the timeline is a new session. */
    readonly session: { readonly type: STRING; readonly default: null };
  };
  readonly data: {
    /** The vote records, in the order they were given. */
    readonly votes: { readonly type: COMPLEX; readonly array: true };
    /** The models by score, best first, on the study's first criterion. */
    readonly leaderboard: { readonly type: COMPLEX; readonly array: true };
    /** Milliseconds from the first group on screen to the end of the study; null where the session was complete before. */
    readonly rt: { readonly type: INT };
    /** Why votes are not with a back end of the study; null where all are. */
    readonly delivery_error: { readonly type: STRING };
  };
  readonly citations: Record<string, string>;
};

/** A study, of one trial or many, as one trial of a jsPsych timeline. */
export default class KSortPlugin implements JsPsychPlugin<typeof info> {
  static info: typeof info;
  constructor(jsPsych: JsPsych);
  trial(place: HTMLElement, trial: TrialType<typeof info>, onLoad: () => void): Promise<Record<string, unknown>>;
  simulate(trial: TrialType<typeof info>, mode: string, options: object, onLoad: () => void): Promise<Record<string, unknown>>;
}
