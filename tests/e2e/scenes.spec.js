import { FORMATS, scene } from "./support/scenes.js";
import { expect, test } from "./support/test.js";

// Drawn without a graphics card.
test.use({ viewport: { width: 640, height: 480 } });

const LETTERS = "ABCDEFGHIJKLMNOP";

/** Opens a study of one trial, with these scenes in one group. */
async function compare(open, scenes, keys = {}) {
  return open({ medium: (model) => scenes[model], items: 1, models: scenes.length, k: scenes.length, ...keys });
}

test("every format is shown: the middle of its panel differs from the background", async ({ page, open, widget }) => {
  const scenes = await Promise.all(FORMATS.map((format) => scene(format)));
  await compare(open, scenes, { protocol: "best" });
  for (const letter of LETTERS) {
    const canvas = widget.option(letter).locator("canvas");
    await canvas.scrollIntoViewIfNeeded();
    await expect.poll(() => canvas.evaluate(middle), { message: letter }).toBeGreaterThan(200);
  }
});

/** How opaque the middle of a panel's picture is, from 0 (the background) to 255. */
function middle(canvas) {
  const { width, height } = canvas;
  return width && canvas.getContext("2d").getImageData(width / 2, height / 2, 1, 1).data[3];
}
