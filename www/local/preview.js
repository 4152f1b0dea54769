// What the models made for the first item, small.
import { make } from "../dom.js";

const SHOWN = 8;

/** A list of media with their models' names; it fills when the files are here. */
export function preview(project) {
  const list = make("ul", { className: "preview" });
  show(project, list).catch((error) => list.append(make("li", { className: "muted", text: `The files could not be read: ${error.message}` })));
  return list;
}

async function show(project, list) {
  const [item] = project.study.items;
  const names = new Map(project.study.models.map(({ id, name }) => [id, name ?? id]));
  for await (const { model, kind, file } of project.outputs(item ?? {})) {
    if (list.children.length === SHOWN) return;
    const name = names.get(model) ?? model;
    list.append(make("li", {}, await thumbnail(kind, file, name), make("span", { dir: "auto", text: name })));
  }
  if (list.children.length === 0) list.append(make("li", { className: "muted", text: "Its media are not here." }));
}

async function thumbnail(kind, file, name) {
  if (kind === "text") return make("p", { className: "thumb words", dir: "auto", text: await file.slice(0, 400).text() });
  if (kind !== "image" && kind !== "video") return make("p", { className: "thumb", text: kind ?? "file" });
  const url = URL.createObjectURL(file);
  const medium = kind === "image" ? make("img", { className: "thumb", alt: `Output of ${name}` }) : make("video", { className: "thumb", "aria-label": `Output of ${name}` });
  Object.assign(medium, { muted: true, preload: "metadata", src: url });
  const forget = () => URL.revokeObjectURL(url);
  for (const event of ["load", "loadeddata", "error"]) medium.addEventListener(event, forget, { once: true });
  return medium;
}
