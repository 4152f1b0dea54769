// A study with its media in one HTML file, which a browser opens from a disk.

/** The page of one file, without a study in it. */
const PAGE = new URL("../k-sort.inline.html", import.meta.url);
const END = "</body>";

/**
 * @param {import("./project.js").Project} project
 * @param {(files: number) => Promise<void>} progress
 * @returns {Promise<Blob>}
 */
export async function oneFile(project, progress) {
  const page = await template();
  const end = page.lastIndexOf(END);
  // In JSON, `<` is in texts only; written so, none of them ends or begins anything of the page.
  const study = JSON.stringify(project.study).replaceAll("<", "\\u003c");
  const parts = [page.slice(0, end), `<script type="application/json" id="k-sort-study">${study}</script>\n`];
  let count = 0;
  for await (const { src, file } of project.localMedia()) {
    parts.push(`<script type="text/plain" data-media="${quoted(src)}" data-type="${quoted(file.type)}">`, await base64(file), "</script>\n");
    await progress(++count);
  }
  return new Blob([...parts, page.slice(end)], { type: "text/html" });
}

async function template() {
  const response = await fetch(PAGE);
  if (!response.ok) throw new Error(`k-sort.inline.html: the server answered ${response.status}`);
  const page = await response.text();
  if (!page.includes(END)) throw new Error(`k-sort.inline.html: found no ${END}, expected a page`);
  return page;
}

function quoted(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
