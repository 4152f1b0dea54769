// Small media, made here so that no file of unknown content is needed.
import { deflateSync } from "node:zlib";

/** A picture of one colour, `[red, green, blue]`, as PNG. */
export function png(width, height, colour) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits a channel, RGB
  const row = Buffer.from([0, ...Array(width).fill(colour).flat()]);
  const pixels = deflateSync(Buffer.concat(Array(height).fill(row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type, data) {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, check]);
}

/** The CRC of PNG and zip. */
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A tone as WAV, 8 kHz, 16 bits, mono; `level` is its amplitude, up to 32767. */
export function wav(hertz, seconds = 1, level = 8000) {
  const rate = 8000;
  const samples = Math.round(rate * seconds);
  const file = Buffer.alloc(44 + samples * 2);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples * 2, 40);
  for (let n = 0; n < samples; n++) {
    file.writeInt16LE(Math.round(level * Math.sin((2 * Math.PI * hertz * n) / rate)), 44 + n * 2);
  }
  return file;
}

/** Ids of WebM that are needed here. */
const EBML = {
  header: 0x1a45dfa3,
  segment: 0x18538067,
  info: 0x1549a966,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  cluster: 0x1f43b675,
  time: 0xe7,
  block: 0xa3,
};

/** The beginning of a WebM video whose file no longer tells how long it is, as recorders in browsers write it. */
export function shortened(webm, seconds) {
  const size = (length) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(length) | (1n << 56n));
    return bytes;
  };
  const unknown = Buffer.from("01ffffffffffffff", "hex");
  const id = (number) => Buffer.from(number.toString(16), "hex");
  const of = (children, name) => children.filter((child) => child.id === EBML[name]);
  const top = elements(webm);
  const [segment] = of(top, "segment").map(({ content }) => elements(content));
  const facts = of(segment, "info").flatMap(({ content }) => elements(content));
  const info = Buffer.concat(facts.filter((fact) => fact.id !== EBML.duration).map(({ whole }) => whole));
  const clusters = of(segment, "cluster").map(({ content }) => {
    const children = elements(content);
    const start = of(children, "time")[0].content.reduce((sum, byte) => sum * 256 + byte, 0);
    // The time of a block, in milliseconds after its cluster's, follows its track number of one byte.
    const kept = of(children, "block").filter((block) => start + block.content.readInt16BE(1) < seconds * 1000);
    const blocks = Buffer.concat([of(children, "time")[0].whole, ...kept.map(({ whole }) => whole)]);
    return kept.length > 0 ? Buffer.concat([id(EBML.cluster), size(blocks.length), blocks]) : Buffer.alloc(0);
  });
  const head = [of(top, "header")[0].whole, id(EBML.segment), unknown, id(EBML.info), size(info.length), info];
  return Buffer.concat([...head, of(segment, "tracks")[0].whole, ...clusters]);
}

/** Elements of EBML that follow each other. */
function elements(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const idLength = Math.clz32(bytes[at]) - 23;
    const sizeLength = Math.clz32(bytes[at + idLength]) - 23;
    const first = at + idLength + sizeLength;
    const sizeBytes = bytes.subarray(at + idLength, first);
    const length = sizeBytes.reduce((sum, byte, n) => sum * 256 + (n === 0 ? byte & (0xff >> sizeLength) : byte), 0);
    found.push({ id: bytes.readUIntBE(at, idLength), content: bytes.subarray(first, first + length), whole: bytes.subarray(at, first + length) });
    at = first + length;
  }
  return found;
}

/** A picture of 30 by 20 as SVG with this inside. */
export function svg(inside) {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20">${inside}</svg>`);
}

/** A picture of 2 by 2 as GIF, red. */
export function gif() {
  return Buffer.from("47494638396102000200800000ff000000ff002c0000000002000200000203040814003b", "hex");
}

/** A picture of 16 by 16 as AVIF, teal: no encoder is at hand, so that it stands here. */
export function avif() {
  return Buffer.from(
    [
      "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD5bWV0YQAAAAAAAAAvaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAFBpY3R1cmVIYW5kbGVyAAAAAA5waXRtAAAAAAAB",
      "AAAAHmlsb2MAAAAARAAAAQABAAAAAQAAASEAAAAcAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGppcHJwAAAAS2lwY28AAAAUaXNwZQAAAAAAAAAQAAAA",
      "EAAAABBwaXhpAAAAAAMICAgAAAAMYXYxQ4EADAAAAAATY29scm5jbHgAAgACAAIAAAAAF2lwbWEAAAAAAAAAAQABBAECgwQAAAAkbWRhdAoGGAz/2wCAMhIYAAAAUAAAAACpjmNuTsx/",
      "sIA=",
    ].join(""),
    "base64",
  );
}
