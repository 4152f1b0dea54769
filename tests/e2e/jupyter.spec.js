import { join } from "node:path";

import { startJupyter, writeNotebook } from "./support/jupyter.js";
import { makeStudy, write } from "./support/study.js";
import { expect, test } from "./support/test.js";
import { Widget } from "./support/widget.js";

// JupyterLab's own.
test.use({ expectedErrors: /\/(static|lab|api|files)\// });

test("in JupyterLab a cell shows a study, and its votes come back as a pandas frame", async ({ page, folder }) => {
  const study = await makeStudy(join(folder, "cats"), { trials: 3, sync: [] });
  // An object, whose media lie beside the notebook, at other places than those of the file.
  const items = study.file.items.map(({ outputs, ...item }) => {
    return { ...item, outputs: Object.fromEntries(Object.entries(outputs).map(([model, src]) => [model, `cats/${src}`])) };
  });
  await write(folder, "dogs.json", JSON.stringify({ ...study.file, id: "dogs", items }));
  await writeNotebook(folder, "rank.ipynb", [
    `import ksort\nw = ksort.Widget("cats", rater="ada")\nw`,
    `print(w.votes_frame()[["rater", "seq", "outcome"]].to_json(orient="records"))`,
    `print([row["rank"] for row in w.leaderboard()], len(w.votes[0]["shown"]))`,
    `import json\nother = ksort.Widget(json.load(open("dogs.json")), rater="bob")\nother`,
    `print(len(w.votes), [vote["rater"] for vote in other.votes])`,
  ]);
  const jupyter = await startJupyter(folder);
  try {
    await page.goto(jupyter.notebook("rank.ipynb"));
    const cells = page.locator(".jp-CodeCell");
    const run = async (n) => {
      await cells.nth(n).locator(".cm-content").click();
      await page.keyboard.press("Shift+Enter");
    };
    await expect(page.getByText("Python 3").and(page.locator(".jp-Toolbar *")).first()).toBeVisible();
    await run(0);
    const widget = new Widget(page.locator("k-sort").first());
    await expect(widget.option("A")).toBeVisible();
    await widget.at(1);
    await widget.rankTruly();
    await widget.at(2);
    // Letters would be commands of the notebook: `b` adds a cell, `d d` deletes one.
    for (const key of ["b", "d", "a", "Enter"]) await page.keyboard.press(key);
    await widget.at(3);
    await expect(cells).toHaveCount(5);
    const [first, second] = await widget.call("votes");
    expect(first.ranking).toEqual([...first.ranking].sort(([a], [b]) => study.models.indexOf(a) - study.models.indexOf(b)));
    expect(second.ranking[0]).toEqual([second.shown[1]]);

    await run(1);
    const output = (n) => cells.nth(n).locator(".jp-OutputArea-output").last();
    await expect(output(1)).toHaveText(`[{"rater":"ada","seq":0,"outcome":"ranked"},{"rater":"ada","seq":1,"outcome":"ranked"}]`);
    await run(2);
    await expect(output(2)).toHaveText(`${JSON.stringify((await widget.call("leaderboard")).map((row) => row.rank)).replaceAll(",", ", ")} 4`);

    await run(3);
    const other = new Widget(page.locator("k-sort").nth(1));
    await other.at(1);
    await other.rankTruly();
    await other.at(2);
    await run(4);
    await expect(output(4)).toHaveText(`2 ['bob']`);
  } finally {
    await jupyter.stop();
  }
});
