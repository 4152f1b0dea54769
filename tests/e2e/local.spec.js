import { execFileSync } from "node:child_process";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expectAccessible } from "./support/accessibility.js";
import { dist, ksort } from "./support/paths.js";
import { TWO } from "./support/path.js";
import { StartPage } from "./support/start.js";
import { makeStudy, picture, write } from "./support/study.js";
import { expect, test as base } from "./support/test.js";

const MODELS = ["zephyr", "quartz", "mistral", "bramble"];
const ITEMS = ["boat", "fox", "plums"];

const test = base.extend({
  /** The start page on somebody's web server. */
  start: async ({ page, host }, use) => {
    const site = await host();
    const start = new StartPage(page);
    await start.open(site.url);
    await use(start);
  },

  /** A folder of pictures, `MODEL/ITEM.png`; the first model is the best. */
  media: async ({ folder }, use) => {
    const media = join(folder, "my-media");
    for (const [m, model] of MODELS.entries()) {
      for (const [i, item] of ITEMS.entries()) await write(media, `${model}/${item}.png`, picture(m, i).bytes);
    }
    await use(media);
  },
});

/** What `ksort rank` makes of a file. */
function ranked(file) {
  return JSON.parse(execFileSync(ksort, ["rank", file, "--format", "json"], { encoding: "utf8", stdio: "pipe" }));
}

function validated(folder) {
  return execFileSync(ksort, ["validate", folder], { encoding: "utf8" });
}

test("a folder that is picked becomes a study, which runs at once", async ({ start, media, page }) => {
  await start.pickFolder(media);
  await expect(start.state).toHaveText("4 models, 3 items, no errors.");
  await expect(start.field("Folders")).toHaveValue("MODEL/ITEM.ext");
  await expect(start.page.getByRole("img", { name: "Output of zephyr" })).toBeVisible();
  await start.button("Run here").click();
  await start.rateAs("ada");
  await start.widget.models();
  const shown = await page.evaluate(() => document.getElementById("k-sort-local").shadowRoot.querySelector(".run").textContent);
  const urls = await start.widget.pictures.evaluateAll((all) => all.map(({ src }) => src));
  for (const model of MODELS) expect(shown + urls.join(" "), "nothing tells the model").not.toContain(model);
  for (const url of urls) expect(url).toMatch(/^blob:/);
});

test("a folder that is dropped is read the other way round too, and can be switched", async ({ start, folder }) => {
  for (const item of ITEMS.slice(0, 2)) {
    for (const [m, model] of MODELS.entries()) await write(folder, `by-item/${item}/${model}.png`, picture(m, 0).bytes);
  }
  await start.drop(join(folder, "by-item"));
  await expect(start.field("Folders")).toHaveValue("MODEL/ITEM.ext");
  await expect(start.page.getByText("This folder can be read both ways.")).toBeVisible();
  await expect(start.state).toHaveText("2 models, 4 items, no errors.");
  await start.field("Title").fill("My study");
  await start.field("Folders").selectOption("ITEM/MODEL.ext");
  await expect(start.state).toHaveText("4 models, 2 items, no errors.");
  await expect(start.field("Title"), "what was edited stays").toHaveValue("My study");
  await expect(start.field("Name of zephyr")).toBeVisible();
});

test("a folder is dropped too where browsers give no handles of folders", async ({ start, media, page }) => {
  await page.evaluate(() => delete DataTransferItem.prototype.getAsFileSystemHandle);
  await start.drop(media);
  await expect(start.state).toHaveText("4 models, 3 items, no errors.");
  await expect(page.getByRole("img", { name: "Output of zephyr" })).toBeVisible();
  expect((await start.saved("Save study.json")).name).toBe("study.json");
});

test("several folders that are dropped at once are folders of one", async ({ start, media }) => {
  await start.drop(join(media, MODELS[0]), join(media, MODELS[1]));
  await expect(start.state).toHaveText("2 models, 3 items, no errors.");
});

test("files that make no output are told, and the rest is a study", async ({ start, media }) => {
  await write(media, "zephyr/boat.jpg", picture(0, 0).bytes);
  await write(media, "zephyr/alone.png", picture(0, 0).bytes);
  await write(media, "notes.doc", "x");
  await write(media, ".DS_Store", "x");
  await write(media, "quartz/deep/er.png", "x");
  await start.drop(media);
  await expect(start.state).toHaveText("4 models, 3 items, no errors.");
  await expect(start.notes("About the files")).toHaveText([
    "zephyr/boat: found both `zephyr/boat.jpg` and `zephyr/boat.png`, expected one file for each model and item; the first is taken",
    "left out: notes.doc: not in a folder of a model or an item",
    "left out: quartz/deep/er.png: deeper than one folder",
    "left out: zephyr/alone.png: the only output of item `alone`",
  ]);
});

test("a folder without outputs of two models is told", async ({ start, folder }) => {
  await write(folder, "empty/readme.doc", "x");
  await start.drop(join(folder, "empty"));
  await expect(start.notes("What is wrong")).toHaveText([/^the folder: found no item with outputs of two models, expected media as MODEL\/ITEM\.ext/]);
});

test("everything is edited in a form that the reader of study files checks", async ({ start, media }) => {
  await start.pickFolder(media);
  await start.field("Options at once (K)").fill("99");
  await expect(start.page.getByText("Found 99, expected a whole number from 2 to 16.")).toBeVisible();
  await expect(start.field("Options at once (K)")).toHaveAttribute("aria-invalid", "true");
  await expect(start.state).toHaveText("There is one error.");
  await expect(start.button("Run here")).toBeDisabled();
  await start.field("Options at once (K)").fill("3");
  await start.field("Question").fill("Which has the better light?");
  await start.button("Add a question").click();
  await start.field("Question 2").fill("Which has more detail?");
  await start.field("Id 2").fill("detail");
  await start.field("Title").fill("Light");
  await start.field("Id").fill("light");
  await start.field("Trials for each rater").fill("5");
  await start.field("Options may tie").uncheck();
  await start.field("The next group").selectOption("random");
  await start.field("Names of models are shown").selectOption("at-end");
  await start.field("Name of zephyr").fill("Zephyr 2");
  await start.field("Prompt of boat").fill("A paper boat");
  await expect(start.state).toHaveText("4 models, 3 items, no errors.");
  const { name, text } = await start.saved("Save study.json");
  expect(name).toBe("study.json");
  await writeFile(join(media, "study.json"), text);
  expect(validated(media)).toContain("4 models");
  const { models, items, ...rest } = JSON.parse(text);
  expect(rest).toEqual({
    version: 1,
    id: "light",
    title: "Light",
    k: 3,
    trials: 5,
    ties: false,
    matchmaking: { policy: "random" },
    reveal: "at-end",
    criteria: [{ id: "overall", question: "Which has the better light?" }, { id: "detail", question: "Which has more detail?" }],
  });
  expect(models.find(({ id }) => id === "zephyr").name).toBe("Zephyr 2");
  expect(items.find(({ id }) => id === "boat").prompt).toBe("A paper boat");
  await start.button("Run here").click();
  await start.rateAs("ada");
  await expect(start.widget.question).toHaveText("Which has the better light?");
  await expect(start.widget.options).toHaveCount(3);
});

test("a choice that changes the form keeps the focus", async ({ start, media, page }) => {
  await start.pickFolder(media);
  await start.field("Options at once (K)").fill("3");
  await start.field("Raters").focus();
  for (const protocol of ["best", "best-worst", "pairwise"]) {
    await page.keyboard.press("ArrowDown");
    await expect(start.field("Raters")).toHaveValue(protocol);
    await expect(start.field("Raters")).toBeFocused();
  }
  await expect(start.field("Options at once (K)")).toBeHidden();
  await expect(start.field("Question")).toHaveAttribute("placeholder", "Which option is better?");
  await expect(start.state).toHaveText("4 models, 3 items, no errors.");
  await start.button("Results").click();
  await expect(page.getByRole("main")).toBeFocused();
});

test("a study file of the folder is edited, and its other keys stay", async ({ start, folder }) => {
  const keys = { "x-team": "blue", gate: { visible_ms: 10 }, sync: [{ type: "http", url: "https://votes.example/" }], reveal: "never" };
  const study = await makeStudy(join(folder, "study"), { models: 3, k: 3, ...keys });
  await rm(join(study.folder, study.files[0]));
  await start.pickFolder(study.folder);
  await expect(start.field("Title")).toHaveValue("A study of pictures");
  await expect(start.notes("About the files")).toHaveText([`items[0].outputs.${study.models[0]}: ${study.files[0]} is not in the folder`]);
  await start.field("Title").fill("Another title");
  const { text } = await start.saved("Save study.json");
  expect(JSON.parse(text)).toEqual({ ...study.file, title: "Another title" });
});

test("the table of items tells which outputs are missing, whatever the models are called", async ({ start, folder, page }) => {
  const ids = ["one", "two", "constructor", "toString"];
  const outputs = { one: "one.txt", two: "two.txt", constructor: "three.txt" };
  const items = [{ id: "a", outputs }, { id: "b", outputs: { one: "one.txt", two: "two.txt" } }];
  const study = { version: 1, id: "odd", models: ids.map((id) => ({ id })), items };
  await write(folder, "study/study.json", JSON.stringify(study));
  for (const text of Object.values(outputs)) await write(folder, `study/${text}`, "a text");
  await start.pickFolder(join(folder, "study"));
  const cells = page.getByRole("region", { name: "Items" }).locator("tbody td:last-child");
  await expect(cells).toHaveText(["without toString", "without constructor, toString"]);
});

test("votes of a run here go nowhere, whatever the study says", async ({ start, folder, page }) => {
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  const study = await makeStudy(join(folder, "study"), { models: 3, k: 3, trials: 1, sync: [{ type: "http", url: "https://votes.example/" }] });
  await start.drop(study.folder);
  await start.button("Run here").click();
  await start.rateAs("ada");
  await start.widget.rankTruly();
  await expect(start.widget.question).toHaveText("All done. Thank you!");
  expect(sent).toEqual([]);
});

test("a run takes the rater's path, with media of practice, and leads nobody away", async ({ start, folder, page }) => {
  const study = await makeStudy(join(folder, "study"), {
    trials: 1,
    title: { en: "By language", fr: "Par langue" },
    consent: { text: "You compare pictures.", agree: "Yes, I agree" },
    practice: [{ outputs: TWO, best: "plain" }],
    endings: { done: { type: "redirect", url: "https://elsewhere.example/" } },
  });
  await start.pickFolder(study.folder);
  await expect(start.field("Title")).toHaveValue("By language");
  await expect(start.field("Title")).not.toBeEditable();
  await expect(start.state).toHaveText("5 models, 4 items, no errors.");
  await start.button("Run here").click();
  await start.field("Rater").fill("ada");
  await start.button("Begin").click();
  await expect(start.widget.button("Yes, I agree")).toBeVisible();
  const run = await start.widget.element.evaluate(async (element) => (await fetch(element.getAttribute("src"))).json());
  expect(run).toMatchObject({ sync: [], consent: study.file.consent });
  expect(run).not.toHaveProperty("endings");
  const [{ outputs }] = run.practice;
  const types = await page.evaluate((all) => Promise.all(all.map(async ({ src }) => (await fetch(src)).headers.get("content-type"))), Object.values(outputs));
  expect(types).toEqual(["image/png", "image/png"]);
});

test("a broken study file is told, and another made of the folder", async ({ start, media }) => {
  await write(media, "study.json", '{"version": 1,\n oops}');
  await start.drop(media);
  await expect(start.notes("What is wrong")).toHaveText([/^study\.json: line 2, column 2: found text that is no JSON/]);
  await start.button("Make a new study of the folder").click();
  await expect(start.state).toHaveText("4 models, 3 items, no errors.");
});

test("a study file alone does where its media are on the web, and says so where they are not", async ({ start, folder, host }) => {
  const study = await makeStudy(join(folder, "study"), { models: 3, k: 3 });
  await start.choose("Open a study file", join(study.folder, "study.json"));
  await expect(start.notes("About the files")).toHaveText([/^The media of this study are not here: open the folder/]);
  await expect(start.button("Run here")).toBeDisabled();
  const site = await host({ "/study/": study.folder });
  const outputs = (item) => Object.fromEntries(Object.entries(item.outputs).map(([model, src]) => [model, new URL(`study/${src}`, site.url).href]));
  await write(folder, "web.json", JSON.stringify({ ...study.file, items: study.file.items.map((item) => ({ ...item, outputs: outputs(item) })) }));
  await start.button("Open another").click();
  await start.choose("Open a study file", join(folder, "web.json"));
  await expect(start.state).toHaveText("3 models, 4 items, no errors.");
  await expect(start.button("Run here")).toBeEnabled();
});

const ODD = { "a list": [], "without lists": { models: {}, items: 3 }, "without outputs": { models: [], items: [{ outputs: "a" }] } };
for (const [what, study] of Object.entries(ODD)) {
  test(`a study file that is ${what} is told and breaks nothing`, async ({ start, folder }) => {
    await write(folder, "study.json", JSON.stringify(study));
    await start.choose("Open a study file", join(folder, "study.json"));
    await expect(start.notes("What is wrong").first()).toHaveText(/^study\.json: /);
  });
}

test("the server serves the page under a policy that lets it do all this", async ({ start, serve, media, folder }) => {
  const study = await makeStudy(join(folder, "served"));
  const server = await serve(study.folder);
  await start.open(server.url);
  await start.pickFolder(media);
  await expect(start.page.getByRole("img", { name: "Output of zephyr" })).toBeVisible();
  await start.button("Run here").click();
  await start.rateAs("ada");
  await start.widget.rankTruly();
  await start.widget.at(2);
  await start.button("End").click();
  expect(await start.standings()).toEqual(MODELS);
  await start.saved("JSON Lines");
});

test("errors of a study file stand at their fields", async ({ start, folder }) => {
  const study = await makeStudy(join(folder, "study"), { models: 3, k: 17, protocol: "rnk", seeed: 1 });
  await start.drop(study.folder);
  await expect(start.state).toHaveText("There are 3 errors.");
  await expect(start.page.getByText(/^Found "rnk", expected one of `rank`/)).toBeVisible();
  await expect(start.notes("Errors of the study file")).toHaveText([/^seeed: found the unknown key "seeed"/]);
});

test("several raters answer one after another, and every format reads back to their leaderboard", async ({ start, media }) => {
  await start.pickFolder(media);
  await start.field("Trials for each rater").fill("2");
  await start.field("Prompt of fox").fill("A fox");
  await start.button("Run here").click();
  for (const rater of ["ada", "bob"]) {
    await start.rateAs(rater);
    for (const trial of [1, 2]) {
      await start.widget.at(trial);
      await start.widget.rankTruly();
    }
    await expect(start.widget.question).toHaveText("All done. Thank you!");
    if (rater === "ada") await start.button("New rater").click();
  }
  await start.button("End").click();
  await expect(start.page.getByText("From 4 answers of 2 raters, 4 rankings.")).toBeVisible();
  expect(await start.standings()).toEqual(MODELS);

  const votes = await start.savedLines("JSON Lines");
  expect(votes.map(({ rater }) => rater).sort()).toEqual(["ada", "ada", "bob", "bob"]);
  const expected = await start.savedLines("Leaderboard as JSON Lines");
  for (const format of ["JSON Lines", "CSV", "PrefLib"]) {
    const { path, name } = await start.saved(format);
    const file = `${path}.${name.split(".").pop()}`;
    await copyFile(path, file);
    const told = ranked(file).map(({ model, rank, votes }) => ({ model, rank, votes }));
    expect(told, name).toEqual(expected.map(({ model, rank, votes }) => ({ model, rank, votes })));
  }
  const list = JSON.parse((await start.saved("Leaderboard as JSON")).text);
  expect(list).toEqual(expected);
  expect((await start.saved("Leaderboard as CSV")).text.split("\n")).toHaveLength(6);

  const pairs = await start.savedLines("Preference pairs");
  expect(pairs).toHaveLength(4 * 6);
  for (const { chosen, rejected, chosen_model, rejected_model, item, prompt } of pairs) {
    expect(chosen).toBe(`${chosen_model}/${item}.png`);
    expect(rejected).toBe(`${rejected_model}/${item}.png`);
    expect(MODELS.indexOf(chosen_model)).toBeLessThan(MODELS.indexOf(rejected_model));
    expect(prompt).toBe(item === "fox" ? "A fox" : "");
  }
});

test("pairs of texts hold the texts", async ({ start, folder }) => {
  for (const model of ["one", "two"]) await write(folder, `texts/${model}/tale.md`, `A tale by ${model}.`);
  await start.drop(join(folder, "texts"));
  await start.button("Run here").click();
  await start.rateAs("ada");
  await expect(start.widget.option("A").getByText("A tale by")).toBeVisible();
  await start.widget.nextBest("B").click();
  await start.widget.button("Submit").click();
  await start.widget.at(2);
  await start.button("End").click();
  const [{ chosen, rejected, chosen_model }] = await start.savedLines("Preference pairs");
  expect([chosen, rejected].sort()).toEqual(["A tale by one.", "A tale by two."]);
  expect(chosen).toContain(chosen_model);
});

test("files of one name are both read", async ({ start, folder }) => {
  for (const rater of ["ada", "bob"]) await write(folder, `${rater}/votes.jsonl`, JSON.stringify({ id: rater, rater, ranking: [["x"], ["y"]] }));
  await start.choose("Open vote files", ["ada", "bob"].map((rater) => join(folder, rater, "votes.jsonl")));
  await expect(start.page.getByText("From 2 answers of 2 raters, 2 rankings.")).toBeVisible();
});

test("vote files of several raters make one leaderboard, and bad lines are told", async ({ start, folder }) => {
  const line = (id, rater, ranking) => JSON.stringify({ id, rater, ranking });
  await write(folder, "ada.jsonl", `${line("1", "ada", [["x"], ["y"], ["z"]])}\noops\n`);
  await write(folder, "bob.jsonl", `${line("1", "ada", [["x"], ["y"], ["z"]])}\n${line("2", "bob", [["x"], ["z"], ["y"]])}\n`);
  await write(folder, "cy.csv", "left,right,winner,rater\nx,y,left,cy\nx,y,nobody,cy\n");
  await write(folder, "many.soc", "# ALTERNATIVE NAME 1: x\n# ALTERNATIVE NAME 2: y\n2: 1,2\n");
  await start.choose("Open vote files", ["ada.jsonl", "bob.jsonl"].map((name) => join(folder, name)));
  await expect(start.page.getByText("From 2 answers of 2 raters, 2 rankings.")).toBeVisible();
  await start.standings();
  await start.drop(join(folder, "cy.csv"), join(folder, "many.soc"));
  await expect(start.page.getByText("From 4 answers of 3 raters, 4 rankings.")).toBeVisible();
  expect((await start.standings())[0]).toBe("x");
  const wrong = [/^ada\.jsonl:2: column 1: found text that is no JSON/, /^cy\.csv:3: winner: found "nobody"/];
  await expect(start.notes("What could not be read")).toHaveText(wrong);
  const board = await start.savedLines("Leaderboard as JSON Lines");
  expect(board.map(({ model, votes }) => [model, votes])).toEqual([["x", 5], ["z", 2], ["y", 5]]);
});

/** Makes the sessions in the page's database those of a version that told study files apart by their ids alone. */
async function keepAsBefore() {
  const done = (request, event) => new Promise((resolve) => (request[event] = () => resolve(request.result)));
  const database = await done(indexedDB.open("k-sort"), "onsuccess");
  const writing = database.transaction("sessions", "readwrite");
  const sessions = writing.objectStore("sessions");
  for (const { key, ids, ...row } of await done(sessions.getAll(), "onsuccess")) {
    sessions.delete(key);
    sessions.put({ ...row, key: key.slice(key.indexOf("/") + 1) });
  }
  await done(writing, "oncomplete");
  database.close();
}

test("one HTML file holds the study with its media, and opens from a disk", async ({ start, media, folder, page }) => {
  await write(media, `${MODELS[0]}/50% "red" & #1.png`, picture(0, 3).bytes);
  await write(media, `${MODELS[1]}/50% "red" & #1.png`, picture(1, 3).bytes);
  await start.pickFolder(media);
  await start.field("Prompt of boat").fill("</script><!-- <b>A boat</b>");
  await start.field("Trials for each rater").fill("4");
  const { name, path } = await start.saved("Save as one HTML file");
  expect(name).toBe("my-media.html");
  const file = join(folder, name);
  await copyFile(path, file);
  await rm(media, { recursive: true });
  await page.goto(pathToFileURL(file).href);
  const prompts = [];
  for (let trial = 1; trial <= 4; trial++) {
    if (trial === 3) {
      // The rater goes on with it later, and from another folder.
      await start.widget.at(trial);
      await mkdir(join(folder, "moved"));
      await rename(file, join(folder, "moved", name));
      await page.goto(pathToFileURL(join(folder, "moved", name)).href);
    }
    if (trial === 4) {
      await start.widget.at(trial);
      await page.evaluate(keepAsBefore);
      await page.reload();
    }
    await start.widget.at(trial);
    if (await start.widget.prompt.isVisible()) prompts.push(await start.widget.prompt.textContent());
    await start.widget.rankTruly();
  }
  await expect(start.widget.question).toHaveText("All done. Thank you!");
  expect(new Set(prompts)).toEqual(new Set(["</script><!-- <b>A boat</b>"]));
  expect(await start.widget.call("votes")).toHaveLength(4);
});

test("the one file without a study is this page, from a disk too", async ({ start, media, folder, page }) => {
  await page.goto(pathToFileURL(join(dist, "k-sort.inline.html")).href);
  await start.pickFolder(media);
  await start.button("Run here").click();
  await start.rateAs("ada");
  await start.widget.rankTruly();
  await start.widget.at(2);
  await start.button("End").click();
  expect(await start.standings()).toEqual(MODELS);
  await start.button("Study").click();
  const { path } = await start.saved("Save as one HTML file");
  const file = join(folder, "saved.html");
  await copyFile(path, file);
  await page.goto(pathToFileURL(file).href);
  await start.widget.at(1);
  await start.widget.models();
});

test("a folder of 10,000 files is read", async ({ start, folder }) => {
  const bytes = picture(0, 0).bytes;
  for (const model of MODELS) {
    await mkdir(join(folder, "large", model), { recursive: true });
    await Promise.all(Array.from({ length: 2500 }, (_, n) => writeFile(join(folder, "large", model, `${n}.png`), bytes)));
  }
  await start.drop(join(folder, "large"));
  await expect(start.state).toHaveText("4 models, 2,500 items, no errors.");
  await expect(start.button("Show 50 more of 2,450")).toBeVisible();
  await start.button("Run here").click();
  await start.rateAs("ada");
  await expect(start.widget.options).toHaveCount(4);
});

/** A folder of the browser's own, which tests may hand out without a dialog, and what is in one of its files. */
async function ownFolder(page, files) {
  await page.evaluate(async (files) => {
    const mine = await (await navigator.storage.getDirectory()).getDirectoryHandle("mine", { create: true });
    for (const [path, text] of Object.entries(files)) {
      const names = path.split("/");
      let place = mine;
      for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name, { create: true });
      const out = await (await place.getFileHandle(names.at(-1), { create: true })).createWritable();
      await out.write(text);
      await out.close();
    }
    window.showDirectoryPicker = async () => mine;
    window.read = async (...names) => {
      let place = mine;
      for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name);
      return (await (await place.getFileHandle(names.at(-1))).getFile()).text();
    };
  }, files);
  return (...names) => page.evaluate((names) => window.read(...names), names);
}

test("a study file is saved into the folder that the browser lets the page write to", async ({ start, page }) => {
  const read = await ownFolder(page, { "one/a.txt": "one", "two/a.txt": "two" });
  await start.button("Choose a folder").click();
  await expect(start.state).toHaveText("2 models, one item, no errors.");
  await start.button("Save study.json").click();
  await expect(start.told).toHaveText("study.json is in the folder mine now.");
  expect(JSON.parse(await read("study.json")).id).toBe("mine");
});

test("a study file that lies deeper stays where its media are beside it", async ({ start, page }) => {
  const outputs = { one: "one.txt", two: "two.txt" };
  const study = { version: 1, id: "deep", models: [{ id: "one" }, { id: "two" }], items: [{ id: "a", outputs }] };
  const read = await ownFolder(page, { "sub/study.json": JSON.stringify(study), "sub/one.txt": "1", "sub/two.txt": "2" });
  await start.button("Choose a folder").click();
  await expect(start.state).toHaveText("2 models, one item, no errors.");
  await expect(page.getByText("About the files")).toBeHidden();
  await start.field("Title").fill("Deep");
  await start.button("Save study.json").click();
  await expect(start.told).toHaveText("sub/study.json is in the folder mine now.");
  expect(JSON.parse(await read("sub", "study.json"))).toEqual({ ...study, title: "Deep" });
});

test("the whole path goes by keyboard", async ({ start, media, page }) => {
  const tabTo = async (target) => {
    for (let n = 0; n < 60 && !(await target.evaluate((element) => element.matches(":focus"))); n++) await page.keyboard.press("Tab");
    await expect(target).toBeFocused();
  };
  await tabTo(start.button("Choose a folder"));
  const asked = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await asked).setFiles(media);
  await expect(start.state).toHaveText("4 models, 3 items, no errors.");
  await tabTo(start.field("Trials for each rater"));
  await page.keyboard.type("1");
  await page.keyboard.press("Shift+Tab");
  await expect(start.field("Options at once (K)")).toBeFocused();
  await page.keyboard.type("2");
  const run = start.button("Run here");
  for (let n = 0; n < 60 && !(await run.evaluate((element) => element.matches(":focus"))); n++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(start.field("Rater")).toBeFocused();
  await page.keyboard.type("ada");
  await page.keyboard.press("Enter");
  await start.widget.at(1);
  await start.widget.models();
  await page.keyboard.press("b");
  await page.keyboard.press("Enter");
  await expect(start.widget.question).toHaveText("All done. Thank you!");
  const end = start.button("End");
  for (let n = 0; n < 60 && !(await end.evaluate((element) => element.matches(":focus"))); n++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("From one answer of one rater, one ranking.")).toBeVisible();
  await tabTo(start.button("Leaderboard as CSV"));
});

for (const [device, viewport] of Object.entries({ phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 720 } })) {
  test(`axe finds nothing to object to on a ${device}, and nothing is beside the page`, async ({ start, media, page }) => {
    test.slow();
    const look = async (what) => {
      await expectAccessible(page, what);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(wider, what).toBe(0);
    };
    await page.setViewportSize(viewport);
    await look("the start");
    await write(media, "notes.doc", "x");
    await start.pickFolder(media);
    await start.field("Options at once (K)").fill("99");
    await start.button("Add a question").click();
    await look("a study with errors");
    await start.button("Remove question 2").click();
    await start.field("Options at once (K)").fill("2");
    await start.button("Results").click();
    await look("no results");
    await start.button("Study").click();
    await start.button("Run here").click();
    await look("who is rating");
    await start.rateAs("ada");
    await start.widget.models();
    await look("a trial");
    await start.widget.rankTruly();
    await start.widget.at(2);
    await start.button("End").click();
    await start.standings();
    await look("results");
  });
}
