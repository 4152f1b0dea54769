/** Offers texts to the rater as one file of JSON Lines. */
export function saveFile(name, texts) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(texts, { type: "application/x-ndjson" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
