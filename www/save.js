/** Offers texts as one file, of JSON Lines where no type is given. */
export function saveFile(name, texts, type = "application/x-ndjson") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(texts, { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
