// A study that is an object of the page rather than a file.

/**
 * The object as a file, in which relative URLs resolve against the page. What is no study is left for the element to tell.
 *
 * @param {object} study
 * @param {string} base URL of the page
 */
export function studyFile(study, base) {
  const from = (url) => (typeof url === "string" && URL.canParse(url, base) ? new URL(url, base).href : url);
  const urls = (object, keys) => mapped(object, (value, key) => (keys.includes(key) ? from(value) : value));
  const medium = (value) => (typeof value === "string" ? from(value) : urls(value, ["src", "poster"]));
  const item = (value) => mapped(value, (part, key) => (key === "reference" ? medium(part) : key === "outputs" ? mapped(part, medium) : part));
  const items = (all) => mapped(all, item);
  const attention = (value) => mapped(value, (part, key) => (key === "checks" ? items(part) : part));
  const backEnd = (value) => mapped(urls(value, ["url"]), (part, key) => (key === "pull" ? urls(part, ["url"]) : part));
  const sync = (all) => mapped(all, backEnd);
  // A URL hides the braces of `{rater}` and the like, which are filled in later.
  const toFill = (url) => (typeof url === "string" ? from(url).replaceAll(/%7B(\w+)%7D/gi, "{$1}") : url);
  const endings = (all) => mapped(all, (way) => mapped(way, (part, key) => (key === "url" ? toFill(part) : part)));
  const each = { items, practice: items, attention, sync, endings };
  const whole = mapped(study, (value, key) => (Object.hasOwn(each, key) ? each[key](value) : value));
  return new Blob([JSON.stringify(whole)], { type: "application/json" });
}

/** A list or an object with every value replaced; anything else as it is. */
function mapped(value, replace) {
  if (Array.isArray(value)) return value.map(replace);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, replace(part, key)]));
}
