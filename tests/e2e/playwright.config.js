// End-to-end tests of the widget in Chromium against `ksort serve`. From the root of the repository:
//   node_modules/.bin/playwright test --config tests/e2e/playwright.config.js
// KSORT_BIN names another server program, CHROMIUM_BIN another browser.
import { defineConfig } from "@playwright/test";

import { launchOptions } from "./support/browser.js";

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  reporter: "list",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  // Decoders and a GPU in software share few cores with the tests there.
  retries: process.env.CI ? 1 : 0,
  // No test is about speed: whoever waits here waits for a machine that does other work too.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  use: {
    browserName: "chromium",
    launchOptions,
    viewport: { width: 1280, height: 720 },
    locale: "en-US",
    // It would keep all files of the widget and media of the study, from which other tests could not take any away.
    serviceWorkers: "block",
    screenshot: "only-on-failure",
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
  },
});
