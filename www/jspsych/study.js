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
  const backEnd = (value) => mapped(urls(value, ["url"]), (part, key) => (key === "pull" ? urls(part, ["url"]) : part));
  const each = { items: item, sync: backEnd };
  const whole = mapped(study, (value, key) => (Object.hasOwn(each, key) ? mapped(value, each[key]) : value));
  return new Blob([JSON.stringify(whole)], { type: "application/json" });
}

/** A list or an object with every value replaced; anything else as it is. */
function mapped(value, replace) {
  if (Array.isArray(value)) return value.map(replace);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, replace(part, key)]));
}
