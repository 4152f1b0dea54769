// Numbers as people type them.

/** Where the digits of other scripts begin: Arabic, Persian. */
const ZEROS = [0x660, 0x6f0];

/** A number, whatever its digits and its decimal mark; the text where it is none; `undefined` where there is nothing. */
export function plainNumber(typed) {
  const text = typed
    .normalize("NFKC")
    .trim()
    .replace(/[٠-٩۰-۹]/g, (digit) => digit.codePointAt(0) - ZEROS.findLast((zero) => digit.codePointAt(0) >= zero))
    .replace(/^([+-]?\d*)[,٫](\d+)$/, "$1.$2");
  if (text === "") return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
}
