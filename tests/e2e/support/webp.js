/** A picture as lossless WebP (RFC 9649) without any packing: every value of a channel has a code of eight bits. */
export function webp(width, height, rgba) {
  const bits = new Bits();
  bits.put(0x2f, 8);
  bits.put(width - 1, 14);
  bits.put(height - 1, 14);
  bits.put(1, 1); // with alpha
  bits.put(0, 3); // version
  bits.put(0, 3); // no transform, no colour cache, one group of codes
  for (const symbols of [256 + 24, 256, 256, 256]) putCode(bits, symbols);
  bits.put(0b0001, 4); // for distances, of which there are none: one symbol, the first
  for (let at = 0; at < rgba.length; at += 4) {
    for (const channel of [1, 0, 2, 3]) bits.put(reversed(rgba[at + channel]), 8);
  }
  const data = bits.bytes();
  const padded = data.length + (data.length % 2);
  const file = Buffer.alloc(20 + padded);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(12 + padded, 4);
  file.write("WEBPVP8L", 8, "latin1");
  file.writeUInt32LE(data.length, 16);
  file.set(data, 20);
  return file;
}

/** A code in which the first 256 symbols have eight bits each, and the others none. */
function putCode(bits, symbols) {
  bits.put(0, 1); // not a simple code
  bits.put(8, 4); // lengths of the codes for lengths: 12 of them, in the order 17 18 0 1 2 3 4 5 16 6 7 8
  for (const length of [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]) bits.put(length, 3);
  bits.put(0, 1); // a length for every symbol
  for (let symbol = 0; symbol < symbols; symbol++) bits.put(symbol < 256 ? 1 : 0, 1);
}

function reversed(byte) {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) result |= ((byte >> bit) & 1) << (7 - bit);
  return result;
}

class Bits {
  #bytes = [];
  #used = 0;

  /** Appends the low bits of a number, the lowest first. */
  put(value, count) {
    for (let bit = 0; bit < count; bit++) {
      if (this.#used % 8 === 0) this.#bytes.push(0);
      this.#bytes[this.#bytes.length - 1] |= ((value >> bit) & 1) << this.#used % 8;
      this.#used++;
    }
  }

  bytes() {
    return Uint8Array.from(this.#bytes);
  }
}
