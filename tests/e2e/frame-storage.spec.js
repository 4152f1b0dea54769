import { join } from "node:path";

import { launchOptions } from "./support/browser.js";
import { makeStudy } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

// As in browsers that refuse other sites their cookies. Some refuse them all storage with that, others keep it apart for each site around.
test.use({ launchOptions: { ...launchOptions, args: [...launchOptions.args, "--test-third-party-cookie-phaseout"] } });

const around = (address) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Lab</title><link rel="icon" href="data:,">
  <iframe title="Study" src="${address}" width="900" height="700"></iframe></html>`;

/** Whether the browser refuses the frame a database. */
function refuses(frame) {
  return frame.locator("body").evaluate(
    () => new Promise((resolve) => Object.assign(indexedDB.open("probe"), { onerror: () => resolve(true), onsuccess: () => resolve(false) })),
  );
}

test("a frame on another site resumes where the browser stores votes, says where it does not, and delivers", async ({ page, folder, host, serve }) => {
  const study = await makeStudy(join(folder, "study"), { trials: 2 });
  const server = await serve(study.folder);
  const outer = await host({ "/": around(`${server.url}embed.html?rater=ada`) });
  const frame = page.frameLocator("iframe");
  const widget = new Widget(frame.locator("k-sort"));
  const notice = widget.element.getByRole("alert");
  await page.goto(outer.otherSite);
  await widget.at(1);
  const isRefused = await refuses(frame);
  await widget.rankTruly();
  await widget.at(2);
  await widget.call("flush");
  await page.reload();
  await widget.at(isRefused ? 1 : 2);
  await expect(notice).toHaveCount(isRefused ? 1 : 0);
  if (isRefused) await expect(notice).toContainText("This browser does not keep your answers.");
  await widget.rankTruly();
  if (isRefused) await widget.rankTruly();
  await expect(widget.question).toHaveText("All done. Thank you!");
  await widget.call("flush");
  expect((await server.votes(study.id)).map((vote) => vote.seq)).toEqual(isRefused ? [0, 0, 1] : [0, 1]);

  // On its own site it begins anew, and there it may store.
  await page.goto(`${server.url}embed.html?rater=ada`);
  const own = new Widget(page.locator("k-sort"));
  await own.at(1);
  await own.rankTruly();
  await own.at(2);
  await page.reload();
  await own.at(2);
});
