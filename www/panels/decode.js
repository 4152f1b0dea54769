/**
 * The text of a file: UTF-8, or UTF-16 where it begins with a byte order mark.
 *
 * @param {Blob} blob
 * @param {number} limit bytes after which it is cut
 * @returns {Promise<{text: string, whole: boolean}>} `whole` unless it was cut
 */
export async function decode(blob, limit = Infinity) {
  const whole = blob.size <= limit;
  const bytes = new Uint8Array(await (whole ? blob : blob.slice(0, limit)).arrayBuffer());
  let text;
  try {
    // Where the file was cut, its last letter may be incomplete.
    text = new TextDecoder(encoding(bytes), { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    throw new Error("it is not text in UTF-8");
  }
  if (text.includes("\0")) throw new Error("it is not text");
  return { text, whole };
}

function encoding([first, second]) {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}
