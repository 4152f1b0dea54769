// The start page: a folder on this computer becomes a study, is edited, run and counted, without any server.
import "../k-sort.js";
import { addStyles, make } from "../dom.js";
import { saveFile } from "../save.js";
import { editorView } from "./editor.js";
import { dropped, pickFiles, pickFolder, unlessAborted } from "./files.js";
import { button } from "./form.js";
import { collectVotes, hasVotes, load } from "./formats.js";
import { notes } from "./notes.js";
import { oneFile } from "./onefile.js";
import { Project } from "./project.js";
import { resultsView } from "./results.js";
import { runView } from "./run.js";
import { startView } from "./start.js";
import { asLines, storedVotes } from "./votes.js";

const VOTES = ".jsonl,.ndjson,.csv,.soc,.soi,.toc,.toi";

/** What the page works on, if anything. @type {Project | undefined} */
let project;
/** Files with votes that were added by hand, `[name, () => Promise<File>]`. */
let voteFiles = [];
/** Votes given in this page, which the browser may not have kept. */
const given = new Map();
/** Ends what is shown. */
let close = () => {};

const host = make("div", { id: "k-sort-local" });
const main = make("main");
const tabs = make("nav", { "aria-label": "Views" });
const told = make("p", { className: "told", role: "status" });
const top = make("header", { className: "top-of-page" }, make("h1", { text: "K-Sort" }), tabs);
const page = make("div", { className: "local" }, top, told, main);
host.attachShadow({ mode: "open" }).append(page);

/** Shows a view in the place of the one before. */
function show(view, name, end = () => {}) {
  close();
  close = end;
  page.dataset.view = name;
  main.replaceChildren(view);
  const tab = (text, act) => {
    const element = button(text, act, "quiet");
    if (name === text) element.setAttribute("aria-current", "page");
    return element;
  };
  const of = project?.study ? [tab("Study", edit), tab("Results", results)] : [];
  // Raters have nowhere else to go.
  tabs.replaceChildren(...(["Start", "Run"].includes(name) ? [] : [...of, tab("Open another", start)]));
  document.title = project?.study?.title ?? "K-Sort";
  scrollTo(0, 0);
}

/** Says what goes on, or nothing more. */
function tell(text = "") {
  told.textContent = text;
}

/** Lets the page be painted. */
const painted = () => new Promise((resolve) => setTimeout(resolve));

const reading = async (files) => {
  tell(`${files.toLocaleString("en")} files so far`);
  await painted();
};

/** Does what may take a while or fail, and says so. */
function doing(what, act) {
  return async (...how) => {
    try {
      tell(what);
      await act(...how);
      if (told.textContent === what || told.textContent.endsWith("so far")) tell();
    } catch (error) {
      tell(`That did not work: ${error.message}`);
    }
  };
}

function start() {
  project = undefined;
  voteFiles = [];
  tell();
  const openFolder = doing("", async () => open(await pickFolder(reading)));
  const openFiles = doing("", async () => open(await pickFiles(".json")));
  show(startView({ openFolder, openFiles, openVotes: addVotes }), "Start");
}

/** Opens what was dropped or picked, if anything: a study, or votes for the one that is open. */
async function open(picked) {
  if (!picked) return;
  const isVotes = picked.files.size > 0 && [...picked.files.keys()].every(hasVotes);
  if (isVotes) {
    voteFiles.push(...picked.files);
    return results();
  }
  tell("Reading");
  await painted();
  project = new Project(picked);
  voteFiles = project.voteFiles;
  await project.open();
  tell();
  return project.study ? edit() : broken();
}

/** There is no study to be shown, and why. */
function broken() {
  const again = project.hasMedia && button("Make a new study of the folder", () => {
    project.begin();
    if (project.study) edit();
    else broken();
  }, "primary");
  const view = make(
    "div",
    { className: "view" },
    make("h2", { text: "No study was found" }),
    notes("What is wrong", project.broken, "problem"),
    notes("About the files", project.notes),
    make("div", { className: "row" }, ...(again ? [again] : []), button("Open another", start)),
  );
  show(view, "Broken");
}

function edit() {
  tell();
  show(editorView(project, { run, saveStudy, saveOneFile, redraw: edit }), "Study");
}

const run = doing("Getting the media ready", async () => {
  const { url, release } = await project.runnable(reading);
  const took = (vote) => given.set(vote.id, vote);
  const { view, ask } = runView(url, { leave: results, took });
  show(view, "Run", release);
  ask();
});

const saveStudy = doing("Saving", async () => {
  const written = project.folder && (await unlessAborted(writeInto(project.folder, "study.json", project.text)));
  if (written) return tell(`study.json is in the folder ${project.name} now.`);
  saveFile("study.json", [project.text], "application/json");
  tell("study.json is among the downloads. Put it into the folder, beside the media.");
});

/** Writes a file into a folder, if the person allows it. */
async function writeInto(folder, name, text) {
  if ((await folder.requestPermission?.({ mode: "readwrite" })) === "denied") return false;
  const file = await folder.getFileHandle(name, { create: true });
  const out = await file.createWritable();
  await out.write(text);
  await out.close();
  return true;
}

const saveOneFile = doing("Saving", async () => {
  const page = await oneFile(project, (files) => reading(files));
  saveFile(`${project.study.id}.html`, [page], "text/html");
  tell(`${project.study.id}.html is among the downloads. It opens in any browser, also without network.`);
});

const addVotes = doing("", async () => open(await pickFiles(VOTES)));

const results = doing("Counting", async () => {
  const problems = [];
  // One with errors says nothing that could be relied on.
  const study = project?.study && project.problems().length === 0 ? project.text : undefined;
  const votes = collectVotes(study);
  const add = (name, bytes) => {
    const { elsewhere, problems: wrong } = votes.add(name, bytes);
    problems.push(...wrong);
    if (elsewhere > 0) problems.push(`${name}: ${elsewhere} of another study, left out`);
  };
  if (project?.study) {
    const text = (await storedVotes(project.study.id)) + asLines([...given.values()].filter(({ study }) => study === project.study.id));
    add("this browser.jsonl", new TextEncoder().encode(text));
  }
  for (const [name, file] of voteFiles) add(name, new Uint8Array(await (await file()).arrayBuffer()));
  const texts = study && (() => project.texts());
  const { view, show: fill, close } = resultsView(votes, { name: project?.study?.id ?? "votes", problems, texts, addVotes });
  show(view, "Results", close);
  tell();
  await fill();
});

/** Files may be dropped anywhere, except while someone is rating. */
function listenForDrops() {
  const isFiles = (event) => event.dataTransfer.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    page.classList.add("over");
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? page.classList.remove("over"));
  addEventListener("drop", (event) => {
    page.classList.remove("over");
    if (!isFiles(event)) return;
    event.preventDefault();
    if (page.dataset.view !== "Run") doing("Reading", async () => open(await dropped(event.dataTransfer, reading)))();
  });
}

document.body.append(host);
await Promise.all([
  addStyles(page, new URL("../k-sort.css", import.meta.url)).then(() => addStyles(page, new URL("./local.css", import.meta.url))),
  load(),
]);
start();
listenForDrops();
