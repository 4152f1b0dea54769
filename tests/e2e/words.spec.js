import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

import { expect, test } from "@playwright/test";

import { root } from "./support/paths.js";

/** The text of all files with this ending below a folder. */
function sources(folder, ending) {
  const files = readdirSync(join(root, folder), { recursive: true }).filter((file) => extname(file) === ending);
  return files.map((file) => readFileSync(join(root, folder, file), "utf8"));
}

const matches = (texts, pattern) => texts.flatMap((text) => [...text.matchAll(pattern)].map(({ groups }) => groups.text));
const placeholders = (text) => new Set(text.match(/\{\d\}/g));

const STRING = String.raw`(?<quote>["'])(?<text>(?:(?!\k<quote>)[^\\\n])+)\k<quote>`;
const scripts = sources("www", ".js");
const rust = sources("src", ".rs");
const scenes = sources("www/panels/scene", ".js");
/** What readers of scenes say of files is for the author of the study. */
const panels = sources("www/panels", ".js").filter((text) => !scenes.includes(text));
/** Why a panel is not filled that nobody looks at any more. */
const unseen = ["the trial is over", "it is no longer shown"];

/** What is said, and why a medium cannot be shown, which is said where it is shown. */
const said = new Set([
  ...matches(scripts, new RegExp(String.raw`(?:\bt|#t|wordsOf\([^()]*\))\(\s*${STRING}`, "g")),
  ...matches(rust, new RegExp(String.raw`\bsay\(\s*&?\[?${STRING}`, "g")),
  ...matches(panels, new RegExp(String.raw`\bError\(${STRING}\)`, "g")).filter((text) => !unseen.includes(text)),
  ...matches(scenes, /^ {2}(?:\w+|'[\w-]+'): '(?<text>[^']*\b3D\b[^']*\.)',$/gm),
]);
/** Texts that are said elsewhere than where they stand are in quotes at least. */
const isQuoted = (text) => [...scripts, ...rust].some((source) => source.includes(`"${text}"`) || source.includes(`'${text}'`));

const languages = readdirSync(join(root, "www/words")).map((file) => file.replace(".json", ""));

for (const language of languages) {
  const words = JSON.parse(readFileSync(join(root, `www/words/${language}.json`), "utf8"));

  test(`all that the widget says is there in ${language}, and nothing else`, () => {
    expect([...said].filter((text) => !(text in words)), "said, but not there").toEqual([]);
    expect(Object.keys(words).filter((text) => !isQuoted(text)), "there, but not said").toEqual([]);
  });

  test(`texts in ${language} hold what their English holds`, () => {
    for (const [english, text] of Object.entries(words)) {
      if (!english.includes("|")) expect(placeholders(text), english).toEqual(placeholders(english));
    }
  });

  test(`texts with a number in ${language} have a form for every number`, () => {
    const rules = new Intl.PluralRules(language);
    const { pluralCategories } = rules.resolvedOptions();
    // A form for one number alone may say it in a word.
    const single = (category) => Array.from({ length: 1000 }, (_, n) => n).filter((n) => rules.select(n) === category).length === 1;
    for (const [english, forms] of Object.entries(words).filter(([english]) => english.includes("|"))) {
      expect(Object.keys(forms).sort(), english).toEqual([...pluralCategories].sort());
      for (const [category, text] of Object.entries(forms)) {
        if (!single(category) || /\{\d\}/.test(text)) expect(placeholders(text), `${english} (${category})`).toEqual(placeholders(english));
      }
    }
  });
}
