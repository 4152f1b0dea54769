// Looks at pictures in SVG before they are shown.
import { content } from "./content.js";

/** Most bytes of a picture in SVG: more would draw too much in any case. */
const MOST_BYTES = 32 << 20;

/**
 * The picture as it may be shown: in the letters that were looked at, whatever the file says of its encoding.
 *
 * @param {Blob} blob
 * @returns {Promise<Blob>}
 * @throws {Error} in English words for the rater
 */
export async function checkedVector(blob) {
  if (blob.size > MOST_BYTES) throw new Error("the picture is too complex to be shown");
  const { checkVector } = await content();
  const text = decode(new Uint8Array(await blob.arrayBuffer()));
  checkVector(text);
  // The mark at the beginning goes before what the file says.
  return new Blob(["\ufeff", text], { type: "image/svg+xml" });
}

/** The text of XML: by its byte order mark, by what it says of itself, or UTF-8. */
function decode(bytes) {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const said = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
  const marked = { "\xff\xfe": "utf-16le", "\xfe\xff": "utf-16be", "\xef\xbb": "utf-8" }[start.slice(0, 2)];
  // What says of itself in single bytes that it is UTF-16 is not.
  const label = marked ?? (said && !/^utf-?16/i.test(said) ? said : "utf-8");
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    throw new Error("the file is no picture that this browser can show");
  }
}
