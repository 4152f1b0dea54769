import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

import { expect, test } from "@playwright/test";

import { choose, speak, wordsOf } from "../../www/words.js";
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

/** The words of a language, as they are loaded. */
const read = (language) => JSON.parse(readFileSync(join(root, `www/words/${language}.json`), "utf8"));

/** What says a text inside an element that speaks this language. */
function voice(language) {
  const element = { shadowRoot: { children: [] } };
  if (language !== "en") speak(element, { language, texts: read(language) });
  return wordsOf({ getRootNode: () => ({ host: element }) });
}

test("the first language is taken that there are words in, whatever its region", () => {
  expect(choose(["it", "de-AT", "fr"])).toBe("de");
  expect(choose(["ZH-Hant-TW"])).toBe("zh");
  expect(choose(["en-GB", "fr"])).toBe("en");
  expect(choose(["it", ""])).toBe("en");
  expect(choose([])).toBe("en");
});

test("a number chooses the form of a text, and is written as the language does", () => {
  const waiting = "1 answer waiting|{0} answers waiting";
  const told = (language, ...numbers) => numbers.map((n) => voice(language)(waiting, n));
  expect(told("en", 0, 1, 2, 12_345)).toEqual(["0 answers waiting", "1 answer waiting", "2 answers waiting", "12,345 answers waiting"]);
  expect(told("de", 1, 12_345)).toEqual(["1 Antwort wartet", "12.345 Antworten warten"]);
  expect(told("fr", 0, 2)).toEqual(["0 réponse en attente", "2 réponses en attente"]);
  expect(told("ar", 1, 2, 3, 11)).toEqual(["إجابة واحدة في الانتظار", "إجابتان في الانتظار", "3 إجابات في الانتظار", "11 إجابة في الانتظار"]);
});

test("a text without words is said in English, and what is filled in stays as it is", () => {
  const t = voice("de");
  expect(t("a study's {0}|own question")).toBe("a study's {0}|own question");
  expect(t("Show {0}", "{0}|$&")).toBe("{0}|$& zeigen");
  expect(voice("en")("Show {0}", "A|B")).toBe("Show A|B");
});

const languages = readdirSync(join(root, "www/words")).map((file) => file.replace(".json", ""));

for (const language of languages) {
  const words = read(language);

  test(`there is ${language} to be chosen`, () => expect(choose([language])).toBe(language));

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
