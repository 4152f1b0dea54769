import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test as base } from "@playwright/test";

import { startHost } from "./host.js";
import { Server } from "./server.js";
import { makeStudy } from "./study.js";
import { Widget } from "./widget.js";

export { expect };

export const test = base.extend({
  /** Errors on the console that a test brings about on purpose. */
  expectedErrors: [null, { option: true }],

  /** An empty folder that goes away with the test. */
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "k-sort-e2e-"));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  },

  /** Starts `ksort serve` on a study folder. */
  serve: async ({ folder }, use) => {
    const servers = [];
    await use(async (studyFolder) => {
      const server = new Server(studyFolder, join(folder, `votes-${servers.length}.sqlite`));
      servers.push(server);
      await server.start();
      return server;
    });
    await Promise.all(servers.map((server) => server.stop()));
  },

  /** Starts somebody's web server, see `startHost`. */
  host: async ({}, use) => {
    const hosts = [];
    await use(async (...how) => {
      const host = await startHost(...how);
      hosts.push(host);
      return host;
    });
    await Promise.all(hosts.map((host) => host.stop()));
  },

  /**
   * In every test the console stays free of errors, among which violations of a Content Security Policy. Set up
   * after the servers, and so done before they go away.
   */
  quietConsole: [
    async ({ context, expectedErrors, serve, host }, use) => {
      const errors = [];
      const note = (text) => expectedErrors?.test(text) || errors.push(text);
      context.on("console", (message) => {
        if (message.type() === "error") note(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => note(error.error()?.stack ?? String(error.error())));
      await use();
      expect(errors, "errors on the console").toEqual([]);
    },
    { auto: true },
  ],

  widget: async ({ page }, use) => use(new Widget(page.locator("k-sort"))),

  /** Makes a study with these keys, serves it, and opens its page with these parameters, whatever comes first there. */
  enter: async ({ folder, serve, page }, use) => {
    await use(async (keys = {}, parameters = {}) => {
      const study = await makeStudy(join(folder, "study"), keys);
      const server = await serve(study.folder);
      const address = server.page({ rater: "r1", ...parameters });
      await page.goto(address);
      return { study, server, address };
    });
  },

  /** The same of a study that begins with a trial. */
  open: async ({ enter, widget }, use) => {
    await use(async (...how) => {
      const opened = await enter(...how);
      await widget.at(1);
      return opened;
    });
  },
});
