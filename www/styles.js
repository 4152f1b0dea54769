// Style sheets that the widget loads when it needs them, by name. Each is written out, so that the file is found and gets another
// name where the widget is published.
export const STYLES = {
  markdown: new URL("./content/markdown.css", import.meta.url).href,
  path: new URL("./path/path.css", import.meta.url).href,
};
