// Numbers as people type them.

/** Where the digits of other scripts begin: Arabic, Persian. */
const ZEROS = [0x660, 0x6f0];

/** A number, whatever its digits and its decimal mark; the text where it is none, or may be two; `undefined` where there is nothing. */
export function plainNumber(typed, whole) {
  const digits = plainDigits(typed);
  if (digits === "") return undefined;
  if (isGrouped(typed, whole)) return digits;
  const text = digits.replace(/^([+-]?\d*)[,٫](\d+)$/, "$1.$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
}

/** Whether the digits may stand in groups of three: `12,000` is a dozen to some and twelve thousand to others. */
export function isGrouped(typed, whole) {
  return (whole ? /^[+-]?[1-9]\d{0,2}([.,]\d{3})+$/ : /^[+-]?[1-9]\d{0,2}(,\d{3})+$/).test(plainDigits(typed));
}

function plainDigits(typed) {
  return typed
    .normalize("NFKC")
    .trim()
    .replace(/[٠-٩۰-۹]/g, (digit) => digit.codePointAt(0) - ZEROS.findLast((zero) => digit.codePointAt(0) >= zero));
}
