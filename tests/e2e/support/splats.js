// Gaussian splats in every format: small, and the same in all of them.
import { gzipSync } from "node:zlib";

import { webp } from "./webp.js";
import { zip } from "./zip.js";

/** Of the constant in the spherical harmonics. */
const C0 = 0.28209479177387814;
const SIZE = 0.12;
const OPACITY = 0.95;

/** Splats on a ball of radius 1, evenly: `{place, colour}` each, the colour from 0 to 1. */
function ball(count, tint) {
  return Array.from({ length: count }, (_, i) => {
    const y = 1 - (2 * (i + 0.5)) / count;
    const [radius, angle] = [Math.sqrt(1 - y * y), i * Math.PI * (3 - Math.sqrt(5))];
    const place = [radius * Math.cos(angle), y, radius * Math.sin(angle)];
    return { place, colour: place.map((value, axis) => 0.5 + 0.3 * value * tint[axis]) };
  });
}

const sigmoidInverse = (value) => Math.log(value / (1 - value));
const byte = (value) => Math.max(0, Math.min(255, Math.round(value * 255)));

/** The PLY of 3D Gaussian splatting. */
function ply(splats) {
  const names = ["x", "y", "z", "f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"];
  const header = ["ply", "format binary_little_endian 1.0", `element vertex ${splats.length}`, ...names.map((name) => `property float ${name}`)];
  const size = Math.log(SIZE);
  const values = splats.flatMap(({ place, colour }) => {
    return [...place, ...colour.map((value) => (value - 0.5) / C0), sigmoidInverse(OPACITY), size, size, size, 1, 0, 0, 0];
  });
  return Buffer.concat([Buffer.from([...header, "end_header", ""].join("\n")), floats(values)]);
}

function splat(splats) {
  const all = splats.map(({ place, colour }) => {
    const bytes = [...colour.map(byte), byte(OPACITY), 255, 128, 128, 128];
    return Buffer.concat([floats([...place, SIZE, SIZE, SIZE]), Buffer.from(bytes)]);
  });
  return Buffer.concat(all);
}

/** Version 2. */
function spz(splats) {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0x5053474e, 0);
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(splats.length, 8);
  header[13] = 12; // bits behind the point
  const places = splats.flatMap(({ place }) => place.flatMap((value) => int24(Math.round(value * 4096))));
  const colours = splats.flatMap(({ colour }) => colour.map((value) => byte(((value - 0.5) / C0) * 0.15 + 0.5)));
  const size = Math.round((Math.log(SIZE) + 10) * 16);
  const count = splats.length;
  const parts = [places, Array(count).fill(byte(OPACITY)), colours, Array(3 * count).fill(size), Array(3 * count).fill(128)];
  return gzipSync(Buffer.concat([header, ...parts.map((part) => Buffer.from(part))]));
}

/** Version 0.1, not packed, one section. */
function ksplat(splats) {
  const header = Buffer.alloc(4096);
  header[1] = 1;
  for (const [at, value] of [[4, 1], [8, 1], [12, splats.length], [16, splats.length]]) header.writeUInt32LE(value, at);
  const section = Buffer.alloc(1024);
  section.writeUInt32LE(splats.length, 0);
  section.writeUInt32LE(splats.length, 4);
  const data = splats.map(({ place, colour }) => {
    return Buffer.concat([floats([...place, SIZE, SIZE, SIZE, 1, 0, 0, 0]), Buffer.from([...colour.map(byte), byte(OPACITY)])]);
  });
  return Buffer.concat([header, section, ...data]);
}

/** Version 2, bundled. */
function sog(splats) {
  const side = Math.ceil(Math.sqrt(splats.length));
  const picture = (pixel) => {
    const rgba = new Uint8Array(side * side * 4);
    splats.forEach((one, i) => rgba.set(pixel(one), i * 4));
    return webp(side, side, rgba);
  };
  // Places are stored as sign(x) ln(1 + |x|), in two bytes.
  const limit = Math.log(2.1);
  const words = ({ place }) => place.map((value) => Math.round((((Math.sign(value) * Math.log1p(Math.abs(value))) / limit + 1) / 2) * 65535));
  const codebook = (from, to) => Array.from({ length: 256 }, (_, i) => from + ((to - from) * i) / 255);
  const meta = {
    version: 2,
    count: splats.length,
    antialias: false,
    means: { mins: [-limit, -limit, -limit], maxs: [limit, limit, limit], files: ["means_l.webp", "means_u.webp"] },
    scales: { codebook: codebook(Math.log(SIZE), Math.log(SIZE) + 1), files: ["scales.webp"] },
    quats: { files: ["quats.webp"] },
    sh0: { codebook: codebook(-2, 2), files: ["sh0.webp"] },
  };
  return zip([
    ["meta.json", Buffer.from(JSON.stringify(meta))],
    ["means_l.webp", picture((one) => [...words(one).map((word) => word & 255), 255])],
    ["means_u.webp", picture((one) => [...words(one).map((word) => word >> 8), 255])],
    ["scales.webp", picture(() => [0, 0, 0, 255])],
    ["quats.webp", picture(() => [128, 128, 128, 252])],
    ["sh0.webp", picture(({ colour }) => [...colour.map((value) => byte(((value - 0.5) / C0 + 2) / 4)), byte(OPACITY)])],
  ]);
}

function floats(values) {
  return Buffer.from(Float32Array.from(values).buffer);
}

function int24(value) {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255];
}

const WRITERS = { ply, splat, spz, ksplat, sog };

/**
 * A ball of splats as a file.
 *
 * @param {"ply" | "splat" | "spz" | "ksplat" | "sog"} extension
 * @param {{count?: number, tint?: number[]}} how `tint` is how far each channel follows the place, from -1 to 1
 */
export function splatFile(extension, { count = 400, tint = [1, 1, 1] } = {}) {
  return { extension, bytes: WRITERS[extension](ball(count, tint)) };
}
