import { join } from "node:path";

import { onPage, rankAsShown } from "./support/path.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const PROLIFIC = { PROLIFIC_PID: "5f1a", STUDY_ID: "60aa", SESSION_ID: "71bb" };
const CODE = { done: { type: "code", code: "C1ABCDEF", text: "Thank you for **taking part**." } };

/** Answers all trials of a study. */
async function rankAll(widget, trials) {
  for (let trial = 1; trial <= trials; trial++) {
    await widget.models();
    await rankAsShown(widget);
  }
}

/** Stands in for a crowd platform's page. */
async function platformPage(page, address) {
  await page.route(address, (route) => route.fulfill({ contentType: "text/html", body: "<title>Back</title><link rel=icon href=data:,>You are back." }));
}

test.describe("with the back end down", () => {
  test.use({ expectedErrors: /ERR_CONNECTION_REFUSED|Failed to load resource/ });

  test("a rater from Prolific is taken back there once the answers have arrived, and not before", async ({ page, widget, folder, serve, host }) => {
    const study = await makeStudy(join(folder, "study"));
    const server = await serve(study.folder);
    await makeStudy(join(folder, "study"), {
      trials: 2,
      platform: "prolific",
      consent: "You compare pictures.",
      sync: [{ type: "http", url: `${server.url}api/votes` }],
      endings: { done: { type: "redirect", code: "C1ABCDEF" } },
    });
    const site = await host({ "/study/": study.folder });
    await platformPage(page, "https://app.prolific.com/**");
    await page.goto(`${site.url}index.html?${new URLSearchParams(PROLIFIC)}`);
    await onPage(widget, "Before you start");
    await widget.button("I agree").click();
    await widget.models();
    await server.stop();
    await rankAll(widget, 2);
    await onPage(widget, "All done. Thank you!");
    await expect(widget.element.getByText("You can finish here as soon as your answers have arrived.")).toBeVisible();
    await expect(widget.element.getByRole("link", { name: "Back to Prolific" })).toHaveCount(0);
    await server.start();
    await widget.button("Try now").click();
    await expect(widget.element.getByRole("link", { name: "Back to Prolific" })).toBeVisible();
    await page.waitForURL("https://app.prolific.com/submissions/complete?cc=C1ABCDEF");
    const votes = await server.votes(study.id);
    expect(votes.map(({ trial, page }) => page ?? trial)).toEqual(["consent", "main", "main"]);
    for (const vote of votes) expect(vote).toMatchObject({ rater: "5f1a", session: "71bb", platform_study: "60aa" });
  });

  test("a rater who has downloaded the answers may finish", async ({ page, enter, widget }) => {
    const { server } = await enter({ trials: 1, endings: CODE });
    await widget.models();
    await server.stop();
    await rankAsShown(widget);
    await expect(widget.element.getByLabel("Your code")).toHaveCount(0);
    const download = page.waitForEvent("download");
    await widget.button("Download answers and finish").click();
    expect((await download).suggestedFilename()).toBe("e2e-votes.jsonl");
    await expect(widget.element.getByLabel("Your code")).toHaveValue("C1ABCDEF");
  });
});

test.describe("with a back end that refuses", () => {
  test.use({ expectedErrors: /status of 422/ });

  test("a rater learns of it, and may finish with the answers in hand", async ({ page, enter, widget }) => {
    await page.route("**/api/votes", (route) => route.fulfill({ status: 422 }));
    await enter({ trials: 1, endings: CODE });
    await widget.models();
    await rankAsShown(widget);
    await expect(widget.element.getByText("Some of your answers were not accepted.")).toBeVisible();
    await expect(widget.element.getByLabel("Your code")).toHaveCount(0);
    const download = page.waitForEvent("download");
    await widget.button("Download answers and finish").click();
    await download;
    await expect(widget.element.getByLabel("Your code")).toHaveValue("C1ABCDEF");
  });
});

test("a finished rater who returns sees the code again, and can copy it", async ({ page, context, enter, widget }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { address } = await enter({ trials: 1, endings: CODE });
  await rankAll(widget, 1);
  const code = widget.element.getByLabel("Your code");
  await expect(code).toHaveValue("C1ABCDEF");
  await expect(widget.element.getByText("Thank you for taking part.")).toBeVisible();
  await page.goto("about:blank");
  await page.goto(address);
  await expect(code).toHaveValue("C1ABCDEF");
  await widget.button("Copy the code").click();
  await expect(widget.element.getByText("The code is copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("C1ABCDEF");
});

test("where the clipboard is refused the code is selected", async ({ page, enter, widget }) => {
  await page.addInitScript(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("refused"))));
  await enter({ trials: 1, endings: CODE });
  await rankAll(widget, 1);
  await widget.button("Copy the code").click();
  await expect(widget.element.getByText("The code is selected")).toBeVisible();
  const selected = widget.element.getByLabel("Your code").evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
  expect(await selected).toBe("C1ABCDEF");
});

test("a finished rater who returns is offered the way back, and is not led there by itself", async ({ page, enter, widget }) => {
  await page.clock.install();
  const { address } = await enter({ trials: 1, endings: { done: { type: "redirect", url: "https://panel.example/done?who={rater}" } } });
  await platformPage(page, "https://panel.example/**");
  await rankAll(widget, 1);
  const link = widget.element.getByRole("link", { name: "Back to panel.example" });
  await expect(link).toBeVisible();
  await page.clock.fastForward(3000);
  await page.waitForURL("https://panel.example/done?who=r1");
  await page.goto(address);
  await expect(link).toBeVisible();
  await page.clock.fastForward(60_000);
  await expect(link).toBeVisible();
  await link.click();
  await page.waitForURL("https://panel.example/done?who=r1");
});

test("a rater who looks at the leaderboard is led nowhere meanwhile, nor by itself afterwards", async ({ page, enter, widget }) => {
  await page.clock.install();
  await enter({ trials: 1, reveal: "at-end", endings: { done: { type: "redirect", url: "https://panel.example/done" } } });
  const asked = [];
  page.on("request", (request) => request.url().startsWith("https://panel.example/") && asked.push(request.url()));
  await rankAll(widget, 1);
  const link = widget.element.getByRole("link", { name: "Back to panel.example" });
  await expect(widget.element.getByText("This page goes there by itself")).toBeVisible();
  await widget.button("See the leaderboard").click();
  await expect(link).toHaveCount(0);
  await page.clock.fastForward(10_000);
  await widget.button("Back").click();
  await expect(link).toBeVisible();
  await expect(widget.element.getByText("This page goes there by itself")).toHaveCount(0);
  expect(asked).toEqual([]);
});

test("a tab that catches up with a session that ended in another is not led away by itself", async ({ page, context, enter, widget }) => {
  await page.clock.install();
  const { address } = await enter({ trials: 1, endings: { done: { type: "redirect", url: "https://panel.example/done" } } });
  await widget.models();
  const other = await context.newPage();
  await platformPage(other, "https://panel.example/**");
  await other.goto(address);
  await rankAll(new Widget(other.locator("k-sort")), 1);
  await other.waitForURL("https://panel.example/done");
  await widget.nextBest("A").click();
  const link = widget.element.getByRole("link", { name: "Back to panel.example" });
  await expect(link).toBeVisible();
  await expect(widget.element.getByText("This page goes there by itself")).toHaveCount(0);
  await expect(link).toBeVisible();
});

test("where the rater's id spoils the address, this is told, and the answers can be had", async ({ page, enter, widget }) => {
  await enter({ trials: 1, endings: { done: { type: "redirect", url: "https://{rater}.example/" } } }, { rater: "a/b" });
  await rankAll(widget, 1);
  await expect(widget.element.getByText("This page cannot lead you on.")).toBeVisible();
  const download = page.waitForEvent("download");
  await widget.button("Download answers").click();
  await download;
});

test("a form is handed in whatever its fields are called", async ({ page, enter, host, widget }) => {
  const fields = { action: "approve", method: "none", submit: "yes" };
  const posted = [];
  const taken = async (request, response) => {
    for await (const part of request) posted.push(Object.fromEntries(new URLSearchParams(String(part))));
    response.writeHead(200, { "content-type": "text/html" }).end("<title>Taken</title><link rel=icon href=data:,>Submitted.");
  };
  const site = await host({ "/taken": taken });
  await enter({ trials: 1, endings: { done: { type: "post_form", url: `${site.url}taken`, fields } } });
  await rankAll(widget, 1);
  await expect(page.getByText("Submitted.")).toBeVisible();
  expect(posted).toMatchObject([fields]);
});

test.describe("with scripts that do not come", () => {
  test.use({ expectedErrors: /ERR_FAILED|Failed to fetch dynamically/ });

  test("answers that could not be sent are not called refused, and are sent once that is mended", async ({ page, context, enter, widget }) => {
    await page.route("**/delivery/delivery*.js", (route) => route.abort());
    const { server, study } = await enter({ trials: 1, endings: CODE });
    await rankAll(widget, 1);
    await expect(widget.element.getByText("Your answers could not be sent yet.")).toBeVisible();
    await expect(widget.button("Download answers and finish")).toBeVisible();
    await page.unroute("**/delivery/delivery*.js");
    await widget.element.locator(".ending").getByRole("button", { name: "Try again" }).click();
    await expect(widget.element.getByLabel("Your code")).toHaveValue("C1ABCDEF");
    expect(await server.votes(study.id)).toHaveLength(1);
  });
});

test("each ending has a way of its own, also where nobody agreed and nothing is recorded", async ({ page, enter, widget }) => {
  await platformPage(page, "https://app.prolific.com/**");
  const endings = { done: { type: "redirect", code: "C1" }, no_consent: { type: "redirect", code: "C2" } };
  const { server, study } = await enter({ platform: "prolific", consent: "You compare pictures.", endings }, { ...PROLIFIC, rater: "" });
  await widget.button("I do not agree").click();
  await page.waitForURL("https://app.prolific.com/submissions/complete?cc=C2");
  expect(await server.votes(study.id)).toEqual([]);
});

test.describe("in a frame of Mechanical Turk", () => {
  /** A page that frames a study as Mechanical Turk does, with the forms that reach it. */
  async function turk({ folder, host, page, serve }, assignment) {
    const posted = [];
    const taken = async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      posted.push(Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString())));
      response.writeHead(200, { "content-type": "text/html" }).end("<title>Taken</title><link rel=icon href=data:,>Submitted.");
    };
    const routes = { "/mturk/externalSubmit": taken };
    const site = await host(routes);
    const origin = site.url.slice(0, -1);
    const study = await makeStudy(join(folder, "study"), {
      trials: 1,
      platform: "mturk",
      origins: [origin],
      endings: { done: { type: "post_form" } },
    });
    const server = await serve(study.folder);
    const given = { assignmentId: assignment, hitId: "H1", workerId: "W1", turkSubmitTo: origin };
    // Before a worker accepts, there is no worker.
    if (assignment === "ASSIGNMENT_ID_NOT_AVAILABLE") delete given.workerId;
    const address = `${server.url.replace("127.0.0.1", "localhost")}?${new URLSearchParams(given)}`.replaceAll("&", "&amp;");
    routes["/hit"] = `<!doctype html><html lang="en"><title>A HIT</title><link rel="icon" href="data:,">
      <iframe title="Task" src="${address}" width="900" height="640"></iframe></html>`;
    const asked = [];
    page.on("request", (request) => request.method() !== "GET" && asked.push(new URL(request.url()).pathname));
    await page.goto(`${site.url}hit`);
    const frame = page.frameLocator("iframe");
    return { posted, asked, server, study, frame, widget: new Widget(frame.locator("k-sort")) };
  }

  test("the form is handed in once the answers have arrived", async ({ folder, host, page, serve }) => {
    const { posted, server, study, frame, widget } = await turk({ folder, host, page, serve }, "A1");
    await rankAll(widget, 1);
    await expect(frame.getByText("Submitted.")).toBeVisible();
    expect(posted).toEqual([{ assignmentId: "A1", rater: "W1", session: "A1", ending: "done", votes: "1" }]);
    expect((await server.votes(study.id)).map(({ rater, session, platform_study: of }) => [rater, session, of])).toEqual([["W1", "A1", "H1"]]);
  });

  test("a preview records nothing and hands nothing in", async ({ folder, host, page, serve }) => {
    const { posted, asked, widget } = await turk({ folder, host, page, serve }, "ASSIGNMENT_ID_NOT_AVAILABLE");
    await rankAll(widget, 1);
    await expect(widget.element.getByText("To take part, accept the task where you found it.")).toBeVisible();
    expect([posted, asked]).toEqual([[], []]);
  });
});

test("what is typed in a preview is not kept", async ({ page, enter, widget }) => {
  const questions = [{ id: "q", title: "A question", when: "before", questions: [{ id: "one", type: "text", question: "Who are you?" }] }];
  await enter({ platform: "mturk", questions }, { rater: "", assignmentId: "ASSIGNMENT_ID_NOT_AVAILABLE" });
  await widget.element.getByLabel("Who are you?").fill("Ada");
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("where a sandbox may hold the rater back, the address can be copied", async ({ page, folder, host, serve }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 1, endings: { done: { type: "redirect", url: "https://panel.example/done" } } });
  const server = await serve(study.folder);
  const site = await host({
    "/lab": `<!doctype html><html lang="en"><title>A lab</title><link rel="icon" href="data:,">
      <iframe title="Study" sandbox="allow-scripts allow-forms" src="${server.url}embed.html?rater=r1" width="900" height="700"></iframe></html>`,
  });
  await page.goto(`${site.url}lab`);
  const widget = new Widget(page.frameLocator("iframe").locator("k-sort"));
  await rankAll(widget, 1);
  await expect(widget.element.getByText("copy the address and open it yourself")).toBeVisible();
  await expect(widget.element.getByLabel("The address", { exact: true })).toHaveValue("https://panel.example/done");
});

test("a page around that is not the one that is meant is told nothing, and the rater is told so", async ({ page, folder, host, serve }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 1, endings: { done: { type: "post_message", origin: "https://lab.example" } } });
  const server = await serve(study.folder);
  const site = await host({
    "/lab": `<!doctype html><html lang="en"><title>A lab</title><link rel="icon" href="data:,">
      <iframe title="Study" src="${server.url}?rater=r1" width="900" height="640"></iframe></html>`,
  });
  await page.goto(`${site.url}lab`);
  const widget = new Widget(page.frameLocator("iframe").locator("k-sort"));
  await rankAll(widget, 1);
  await expect(widget.element.getByText("could not be told that you are done")).toBeVisible();
});

test("the page around a frame is told of the end, if it is of the origin that the study names", async ({ page, folder, host, serve }) => {
  const routes = {};
  const site = await host(routes);
  const study = await makeStudy(join(folder, "study"), { trials: 1, endings: { done: { type: "post_message", origin: site.url.slice(0, -1) } } });
  const server = await serve(study.folder);
  routes["/lab"] = `<!doctype html><html lang="en"><title>A lab</title><link rel="icon" href="data:,">
    <iframe title="Study" src="${server.url}?rater=r1&amp;session=s1" width="900" height="640"></iframe></html>`;
  await page.addInitScript(() => {
    window.told = [];
    addEventListener("message", ({ origin, data }) => data?.type === "k-sort-end" && window.told.push([origin, data]));
  });
  await page.goto(`${site.url}lab`);
  const widget = new Widget(page.frameLocator("iframe").locator("k-sort"));
  await rankAll(widget, 1);
  await expect(widget.element.getByText("has been told that you are done")).toBeVisible();
  const payload = { ending: "done", rater: "r1", session: "s1", votes: 1 };
  await expect.poll(() => page.evaluate(() => window.told)).toEqual([[server.url.slice(0, -1), { v: 1, type: "k-sort-end", id: "end", payload }]]);
});

for (const [what, parameters, named] of [
  ["lacks the rater", {}, "PROLIFIC_PID"],
  ["lacks the session", { PROLIFIC_PID: "5f1a" }, "SESSION_ID"],
  ["has a placeholder that nobody filled in", { ...PROLIFIC, PROLIFIC_PID: "{{%PROLIFIC_PID%}}" }, "PROLIFIC_PID"],
]) {
  test(`a link that ${what} is refused by name, and nothing is stored or sent`, async ({ page, folder, serve, widget }) => {
    const sent = [];
    page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
    const study = await makeStudy(join(folder, "study"), { platform: "prolific" });
    const server = await serve(study.folder);
    await page.goto(server.page(parameters));
    await expect(widget.element.getByText(named)).toBeVisible();
    await expect(widget.options).toHaveCount(0);
    expect(sent).toEqual([]);
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  });
}
