// Types of the custom element <k-sort>, its events and its votes.

/** What was seen of one output. Keys that do not apply are absent. */
export interface Exposure {
  visible_ms?: number;
  plays?: number;
  played_ms?: number;
  parts_ms?: [from: number, to: number][];
  zoom?: number;
  turns?: number;
  scrolled?: number;
  drift_ms?: [median: number, most: number];
  lufs?: number;
  gain_db?: number;
}

/** What was answered: one record for each trial and criterion. */
export interface Vote {
  v: 1;
  /** UUIDv7, made when the trial is shown. */
  id: string;
  study: string;
  rater: string;
  session: string;
  /** Counts up by one in a session. */
  seq: number;
  trial: string;
  trial_id: string;
  item: string;
  criterion: string;
  protocol: "rank" | "best" | "best-worst" | "pairwise" | "rate";
  /** Ids of models in screen order. */
  shown: string[];
  outcome: "ranked" | "all_bad" | "skipped" | "unable";
  /** Ids of models, best first; those of one inner list share a rank. Only where `outcome` is `ranked`. */
  ranking?: string[][];
  /** By id of model, with the protocol `rate`. */
  ratings?: Record<string, number>;
  reasons?: string[];
  comment?: string;
  /** RFC 3339, UTC. */
  shown_at: string;
  submitted_at: string;
  duration_ms: number;
  exposure: Record<string, Exposure>;
  client: { app: string; viewport: [width: number, height: number]; dpr: number };
}

/** A row of the leaderboard. */
export interface Standing {
  model: string;
  name: string;
  rank: number;
  mu: number;
  sigma: number;
  score: number;
  lo: number;
  hi: number;
  votes: number;
}

/** What the session is, once the study is loaded. */
export interface Ready {
  study: string;
  title: string;
  rater: string;
  session: string;
  /** Trials that have ended, and how many there are. */
  done: number;
  trials: number;
}

/** A trial, or its next question, is on screen. */
export interface Trial {
  trial_id: string;
  item: string;
  criterion: string;
  done: number;
  trials: number;
}

/** There is nothing more to ask. */
export interface Complete {
  study: string;
  rater: string;
  session: string;
  votes: number;
}

/** Something went wrong; `message` is for the people who run the page. */
export interface Failure {
  code: "start" | "foreign-study" | "study-load" | "study-invalid" | "link" | "page" | "storage" | "delivery" | "download" | "panic";
  message: string;
}

/** Events of the element by name. They bubble, and are composed. */
export interface KSortEventMap {
  "k-sort-ready": CustomEvent<Ready>;
  "k-sort-trial": CustomEvent<Trial>;
  "k-sort-vote": CustomEvent<Vote>;
  "k-sort-complete": CustomEvent<Complete>;
  "k-sort-error": CustomEvent<Failure>;
}

/** Attributes of the element. */
export interface KSortAttributes {
  /** URL of the study file, relative to the page. */
  src: string;
  rater?: string;
  session?: string;
  theme?: "light" | "dark" | "auto";
  lang?: string;
  shortcuts?: "off";
  scorer?: "auto" | "cpu" | "gpu";
}

/** The element `<k-sort>`. */
export interface KSortElement extends HTMLElement {
  /** The session's votes. */
  votes(): Vote[];
  /** The models by score, best first, on a criterion or the first. */
  leaderboard(criterion?: string): Standing[];
  /** Resolves when every vote is acknowledged by every back end. */
  flush(): Promise<void>;
  /** The session's votes as JSON Lines. */
  exportVotes(): Blob;
}

declare global {
  interface HTMLElementTagNameMap {
    "k-sort": KSortElement;
  }
  interface HTMLElementEventMap extends KSortEventMap {}
}
