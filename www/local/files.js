// Files that were dropped or picked, by name only: what is in them is read when it is needed.

/**
 * A folder, or several files and folders as one.
 *
 * @typedef {object} Picked
 * @property {string} name
 * @property {Map<string, () => Promise<File>>} files by path, `/` between names
 * @property {FileSystemDirectoryHandle} [folder] where files may be written to
 */

/** Files after which the page has its turn, and the progress is told. */
const BATCH = 250;

/** Lets a person pick a folder. @returns {Promise<Picked | undefined>} nothing where none was picked */
export async function pickFolder(progress) {
  if ("showDirectoryPicker" in window) {
    const folder = await unlessAborted(window.showDirectoryPicker({ id: "k-sort" }));
    return folder && ofHandle(folder, progress);
  }
  const files = await pick({ webkitdirectory: true });
  if (files.length === 0) return undefined;
  const [name] = files[0].webkitRelativePath.split("/");
  return { name, files: new Map(files.map((file) => [file.webkitRelativePath.slice(name.length + 1), async () => file])) };
}

/** Lets a person pick files. @returns {Promise<Picked | undefined>} */
export async function pickFiles(accept) {
  const files = await pick({ multiple: true, accept });
  return files.length > 0 ? ofFiles(files) : undefined;
}

/** What was dropped. Has to be called while the event is handled. @returns {Promise<Picked>} */
export async function dropped(transfer, progress) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  // All at once: the items are gone after the first wait.
  const found = items.map((item) => ({
    handle: item.getAsFileSystemHandle?.().catch(() => undefined),
    entry: item.webkitGetAsEntry?.(),
    file: item.getAsFile(),
  }));
  const parts = await Promise.all(found.map(({ handle, entry, file }) => part(handle, entry, file, progress)));
  const folders = parts.filter((part) => !part.isFile);
  // What is dropped beside one folder counts as being in it.
  const [only] = folders.length === 1 ? folders : [];
  const files = new Map();
  for (const one of parts) {
    const prefix = one.isFile || one === only ? "" : `${one.name}/`;
    for (const [path, read] of one.files) files.set(free(prefix + path, files), read);
  }
  return { name: only?.name ?? "study", files, folder: only?.folder };
}

async function part(handle, entry, file, progress) {
  const known = await handle;
  if (known?.kind === "directory") return ofHandle(known, progress);
  if (!known && entry?.isDirectory) return { name: entry.name, files: await walkEntry(entry, progress) };
  return { isFile: true, ...ofFiles([file]) };
}

function ofFiles(files) {
  const named = new Map();
  for (const file of files) named.set(free(file.name, named), async () => file);
  return { name: "study", files: named };
}

/** A path, with a number where it is taken: two raters' files of votes may be called the same. */
function free(path, files) {
  const [, stem, ending] = /^(.*?)(\.[^./]*)?$/.exec(path);
  let tried = path;
  for (let n = 2; files.has(tried); n++) tried = `${stem} (${n})${ending ?? ""}`;
  return tried;
}

async function ofHandle(folder, progress) {
  const list = async function* ({ handle }) {
    for await (const child of handle.values()) yield { handle: child, name: child.name, isFolder: child.kind === "directory" };
  };
  const found = await walk({ handle: folder }, list, progress);
  return { name: folder.name, files: new Map(found.map(([path, { handle }]) => [path, () => handle.getFile()])), folder };
}

async function walkEntry(entry, progress) {
  const list = async function* ({ entry }) {
    const reader = entry.createReader();
    const next = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    for (let entries; (entries = await next()).length > 0; ) {
      for (const child of entries) yield { entry: child, name: child.name, isFolder: child.isDirectory };
    }
  };
  const found = await walk({ entry }, list, progress);
  const file = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
  return new Map(found.map(([path, { entry }]) => [path, () => file(entry)]));
}

/** All files below a folder by path; what is hidden is passed over. */
async function walk(root, list, progress) {
  const found = [];
  const folders = [["", root]];
  for (let next; (next = folders.shift()); ) {
    const [prefix, folder] = next;
    for await (const child of list(folder)) {
      if (child.name.startsWith(".")) continue;
      if (child.isFolder) folders.push([`${prefix}${child.name}/`, child]);
      else if (found.push([prefix + child.name, child]) % BATCH === 0) await progress(found.length);
    }
  }
  return found;
}

function pick(attributes) {
  const input = Object.assign(document.createElement("input"), { type: "file", ...attributes });
  return new Promise((resolve) => {
    for (const event of ["change", "cancel"]) input.addEventListener(event, () => resolve([...input.files]));
    input.click();
  });
}

/** A promise's value, or nothing where the person thought better of it. */
export function unlessAborted(promise) {
  return promise.catch((error) => {
    if (error.name !== "AbortError") throw error;
  });
}
