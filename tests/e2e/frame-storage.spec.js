import { join } from "node:path";

import { launchOptions } from "./support/browser.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

// As in browsers that refuse other sites their cookies, and keep their storage apart for each site around.
test.use({ launchOptions: { ...launchOptions, args: [...launchOptions.args, "--test-third-party-cookie-phaseout"] } });

const around = (address) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Lab</title><link rel="icon" href="data:,">
  <iframe title="Study" src="${address}" width="900" height="700"></iframe></html>`;

test("a frame on another site resumes after a reload, apart from the study's own site, and delivers", async ({ page, folder, host, serve }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 2 });
  const server = await serve(study.folder);
  const outer = await host({ "/": around(`${server.url}embed.html?rater=ada`) });
  const widget = new Widget(page.frameLocator("iframe").locator("k-sort"));
  await page.goto(outer.otherSite);
  await widget.at(1);
  await widget.rankTruly();
  await widget.at(2);
  await page.reload();
  await widget.at(2);
  await expect(widget.element.getByRole("alert")).toBeHidden();

  const own = await page.context().newPage();
  await own.goto(`${server.url}embed.html?rater=ada`);
  await new Widget(own.locator("k-sort")).at(1);

  await widget.rankTruly();
  await expect(widget.question).toHaveText("All done. Thank you!");
  await widget.call("flush");
  expect((await server.votes(study.id)).map((vote) => vote.seq)).toEqual([0, 1]);
});
