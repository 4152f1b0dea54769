import { expect, test } from "./support/test.js";

const CONSENT = { consent: { text: "Please take part." } };
/** What a server may give in the place of a part: nothing, a page of its own, or a part of another build. */
const ANSWERS = {
  "not found": { status: 404 },
  "too busy": { status: 503 },
  "a page": { contentType: "text/html", body: "<!doctype html><title>Log in</title>" },
  "a part of another build": { contentType: "application/wasm", body: Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) },
};

test.use({ expectedErrors: /split_|status of (404|503)|integrity/ });

for (const [name, answer] of Object.entries(ANSWERS)) {
  test.describe(`where the server's answer for a part is: ${name}`, () => {
    test("the page of a path says so, and comes when it is tried again", async ({ page, enter, widget }) => {
      await page.route("**/pkg/split_path*.wasm", (route) => route.fulfill(answer), { times: 1 });
      await enter(CONSENT);
      const alert = widget.element.getByRole("alert");
      await expect(alert.getByRole("heading", { name: "The study could not be loaded" })).toBeVisible();
      await expect(alert).toContainText("a part of this page could not be loaded");
      await widget.button("Try again").click();
      await expect(widget.element.getByText("Please take part.")).toBeVisible();
    });

    test("a text in Markdown says so, and comes when it is tried again", async ({ page, open, widget }) => {
      await page.route("**/pkg/split_markdown*.wasm", (route) => route.fulfill(answer), { times: 1 });
      await open({ medium: (model) => ({ extension: model === 0 ? "md" : "txt", bytes: `*text* ${model}` }), models: 2, k: 2 });
      await expect(widget.element.getByText("what shows Markdown could not be loaded")).toHaveCount(1);
      await widget.button("Try again").click();
      await expect(widget.options.locator("em")).toHaveText("text");
    });
  });
}
