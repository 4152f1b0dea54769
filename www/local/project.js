// What is worked on: a study, the files that it is about, and what was noticed about them.
import { folderAsStudy, hasVotes, kindOf, line, problemsOf } from "./formats.js";

/** Where the folder is taken to be: only the path of such a URL means something. */
const ROOT = "http://folder.invalid";
const STUDY = "study.json";

export class Project {
  /** The study file as JSON; edited in place, so that keys that no form knows stay as they are. */
  study;
  /** Why there is no study, a line each. */
  broken = [];
  /** What was noticed about the files, a line each. */
  notes = [];
  /** How paths are read where the study was made from them, and whether both ways fit. */
  layout;
  ambiguous = false;
  /** Whether the study is about files of which none came along. */
  lacksMedia = false;

  #picked;
  /** Where the study file lies, as the base of its URLs. */
  #base = ROOT;
  #paths;

  /** @param {import("./files.js").Picked} picked */
  constructor(picked) {
    this.#picked = picked;
    this.#paths = [...picked.files.keys()].filter((path) => !hasVotes(path) && path.split("/").pop() !== STUDY);
  }

  get name() {
    return this.#picked.name;
  }

  /** The folder's handle, where files may be written to it. */
  get folder() {
    return this.#picked.folder;
  }

  /** Whether media came along. */
  get hasMedia() {
    return this.#paths.length > 0;
  }

  /** Files with votes that came along, `[name, () => Promise<File>]`. */
  get voteFiles() {
    return [...this.#picked.files].filter(([path]) => hasVotes(path));
  }

  /** Reads the study file that came along, or makes a study of the files. */
  async open() {
    const path = this.#studyPath();
    if (path === undefined) return this.begin();
    const file = await this.#picked.files.get(path)();
    this.#base = `${ROOT}/${path.split("/").map(encodeURIComponent).join("/")}`;
    const text = await file.text();
    const study = parsed(text);
    if (isEditable(study)) this.#take(study);
    else this.broken = problemsOf(text).map((problem) => `${path}: ${line(problem)}`);
  }

  /** The study file that is the least deep; alone, it may be called as it likes. */
  #studyPath() {
    const paths = [...this.#picked.files.keys()];
    if (paths.length === 1 && paths[0].endsWith(".json")) return paths[0];
    const depth = (path) => path.split("/").length;
    return paths.filter((path) => path.split("/").pop() === STUDY).sort((a, b) => depth(a) - depth(b))[0];
  }

  /** Makes a study of the files, whatever study file is there. */
  begin(layout) {
    const found = folderAsStudy(this.#paths, this.name, layout);
    const problems = found.problems.map(line);
    this.#base = ROOT;
    this.lacksMedia = false;
    if (found.study === undefined) {
      Object.assign(this, { study: undefined, broken: problems, notes: found.left_out });
      return;
    }
    this.notes = [...problems.map((problem) => `${problem}; the first is taken`), ...found.left_out.map((file) => `left out: ${file}`)];
    this.ambiguous ||= found.ambiguous;
    this.layout = found.layout;
    this.broken = [];
    const { id, title, models, items } = JSON.parse(found.study);
    // What was edited stays: only models and items follow from the paths.
    const prompts = new Map(this.study?.items.map((item) => [item.id, item.prompt]));
    for (const item of items) if (prompts.get(item.id)) item.prompt = prompts.get(item.id);
    this.study = { version: 1, id, title, ...this.study, models, items };
  }

  #take(study) {
    this.study = study;
    const local = [...this.#media()].filter(({ src }) => this.#isLocal(src));
    const missing = local.filter(({ src }) => !this.#file(src));
    this.lacksMedia = local.length > 0 && missing.length === local.length;
    this.notes = this.lacksMedia
      ? ["The media of this study are not here: open the folder that they lie in, with the study file."]
      : missing.map(({ place, src }) => `${place}: ${decoded(src)} is not in the folder`);
  }

  /** The text of the study file. */
  get text() {
    return `${JSON.stringify(this.study, null, 2)}\n`;
  }

  problems() {
    return problemsOf(JSON.stringify(this.study));
  }

  /** Every media reference of the study: where it stands, its URL, its kind where that is told, and `set` to put others in their place. */
  *#media(study = this.study) {
    const refer = function* (holder, key, place) {
      const found = holder?.[key];
      if (typeof found === "string") yield { place, src: found, set: (src, kind) => (holder[key] = { src, kind }) };
      if (typeof found?.src !== "string") return;
      const { kind } = found;
      yield { place, src: found.src, kind, set: (src, known) => Object.assign(found, { src, kind: known }) };
      if (typeof found.poster === "string") yield { place: `${place}.poster`, src: found.poster, set: (src) => (found.poster = src) };
    };
    for (const [n, item] of study.items.entries()) {
      yield* refer(item, "reference", `items[${n}].reference`);
      for (const model of Object.keys(item.outputs ?? {})) yield* refer(item.outputs, model, `items[${n}].outputs.${model}`);
    }
  }

  /** The path in the folder that a URL of the study leads to, if it leads there. */
  #path(src) {
    if (!URL.canParse(src, this.#base)) return undefined;
    const { origin, pathname } = new URL(src, this.#base);
    return origin === ROOT ? decoded(pathname.slice(1)) : undefined;
  }

  #isLocal(src) {
    return this.#path(src) !== undefined;
  }

  /** What reads the file of a URL in the study, if it came along. */
  #file(src) {
    return this.#picked.files.get(this.#path(src));
  }

  /** A medium's file, with a type that tells its kind where the browser knows none. */
  async file(src, kind = kindOf(src)) {
    const file = await this.#file(src)?.();
    if (!file) return undefined;
    const extension = src.split(/[?#]/)[0].split(".").pop().toLowerCase();
    // Panels tell formats of scenes and texts by it.
    const type = kind === "scene" ? `model/${extension}` : kind === "text" ? `text/${extension}` : file.type;
    return file.slice(0, file.size, type);
  }

  /** The media of one item, `{model, kind, file}` each. */
  async *outputs(item) {
    for (const [model, medium] of Object.entries(item.outputs ?? {})) {
      const src = medium?.src ?? medium;
      if (typeof src !== "string" || !this.#isLocal(src)) continue;
      const kind = medium.kind ?? kindOf(src);
      const file = await this.file(src, kind);
      if (file) yield { model, kind, file };
    }
  }

  /** Texts among the outputs that are at hand, by their URL in the study. */
  async texts() {
    const texts = new Map();
    for (const { src, kind = kindOf(src) } of this.#media()) {
      if (kind === "text" && this.#isLocal(src)) texts.set(src, await (await this.file(src, kind))?.text());
    }
    return new Map([...texts].filter(([, text]) => text !== undefined));
  }

  /** Media that came along, `{src, file}` each, as the study calls them. */
  async *localMedia() {
    const seen = new Set();
    for (const { src, kind } of this.#media()) {
      if (seen.has(src) || !this.#isLocal(src)) continue;
      seen.add(src);
      const file = await this.file(src, kind);
      if (file) yield { src, file };
    }
  }

  /**
   * The study as it can be run in this page: all of its media at `blob:` URLs, which tell nobody the model, and nothing sent anywhere.
   *
   * @returns {Promise<{url: string, release: () => void}>}
   */
  async runnable(progress) {
    const study = structuredClone(this.study);
    study.sync = [];
    const urls = [];
    const urlOf = (blob) => urls[urls.push(URL.createObjectURL(blob)) - 1];
    let count = 0;
    for (const { src, kind = kindOf(src), set } of this.#media(study)) {
      if (!this.#isLocal(src)) continue;
      const file = await this.file(src, kind);
      const url = urlOf(file ?? new Blob());
      // Nothing is to be had there, and the panel says so.
      if (!file) URL.revokeObjectURL(url);
      set(url, kind);
      if (++count % 250 === 0) await progress(count);
    }
    const url = urlOf(new Blob([JSON.stringify(study)], { type: "application/json" }));
    return { url, release: () => urls.forEach((url) => URL.revokeObjectURL(url)) };
  }
}

/** Whether a form can show it. What else may be wrong, the reader tells. */
function isEditable(study) {
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isList = (list) => Array.isArray(list) && list.every(isObject);
  const hasLists = isObject(study) && isList(study.models) && isList(study.items) && isList(study.criteria ?? []);
  return hasLists && study.items.every(({ outputs }) => isObject(outputs ?? {}));
}

function parsed(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
