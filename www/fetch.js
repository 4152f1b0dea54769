/**
 * Fetches a medium.
 *
 * @param {string} url
 * @param {(part: number) => void} progress told how much is there, 0 to 1, where the server says how much there will be
 * @returns {Promise<Blob>}
 * @throws {Error} in words for the rater. They do not quote the browser's, which may name the URL, and so the model.
 */
export async function fetchMedium(url, progress) {
  const response = await fetch(url).catch(() => {
    throw new Error("the file could not be fetched");
  });
  if (response.status === 404) throw new Error("the file was not found (404)");
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
  const type = response.headers.get("content-type") ?? "";
  // Of a compressed answer, the length tells the compressed size.
  const whole = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length"));
  const parts = [];
  let size = 0;
  try {
    const reader = response.body.getReader();
    for (let read; !(read = await reader.read()).done; ) {
      parts.push(read.value);
      size += read.value.length;
      if (whole > 0) progress(Math.min(size / whole, 1));
    }
  } catch {
    throw new Error("the connection broke off while the file was loading");
  }
  return new Blob(parts, { type });
}
