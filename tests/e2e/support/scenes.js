// Small 3D scenes in every format, written here so that no file of unknown content is needed.
import draco3d from "draco3dgltf";
import { MeshoptEncoder } from "meshoptimizer";
import { createDefaultContainer, write as writeKtx2 } from "three/addons/libs/ktx-parse.module.js";

import { splatFile } from "./splats.js";

const [ARRAY_BUFFER, ELEMENT_BUFFER] = [34962, 34963];
const [FLOAT, USHORT] = [5126, 5123];

/** A ball with a bump towards the viewer, of `rings` by `sectors`; the same in every format. */
function ball(rings = 12, sectors = 16) {
  const positions = [];
  const uvs = [];
  const indices = [];
  for (let ring = 0; ring <= rings; ring++) {
    for (let sector = 0; sector <= sectors; sector++) {
      const [down, round] = [(Math.PI * ring) / rings, (2 * Math.PI * sector) / sectors];
      const radius = 1 + 0.3 * Math.max(0, Math.sin(down) * Math.cos(round)) ** 4;
      positions.push(radius * Math.sin(down) * Math.sin(round), radius * Math.cos(down), radius * Math.sin(down) * Math.cos(round));
      uvs.push(sector / sectors, ring / rings);
    }
  }
  const row = sectors + 1;
  for (let ring = 0; ring < rings; ring++) {
    for (let sector = 0; sector < sectors; sector++) {
      const a = ring * row + sector;
      indices.push(a, a + row, a + 1, a + 1, a + row, a + row + 1);
    }
  }
  return { positions, uvs, indices };
}

// ---- glTF ----

/** A glTF document and its one buffer, put together view by view. */
class Gltf {
  json = {
    asset: { version: "2.0" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    ...{ meshes: [], accessors: [], bufferViews: [], buffers: [] },
  };
  #parts = [];
  #length = 0;

  /** Appends bytes, aligned; says which view they are. */
  view(bytes, keys = {}) {
    const padding = -this.#length & 3;
    this.#parts.push(Buffer.alloc(padding), bytes);
    this.#length += padding;
    this.json.bufferViews.push({ buffer: 0, byteOffset: this.#length, byteLength: bytes.length, ...keys });
    this.#length += bytes.length;
    return this.json.bufferViews.length - 1;
  }

  /** Appends numbers; says which accessor they are. */
  accessor(values, type, { component = FLOAT, target, bounds = false } = {}) {
    const array = component === FLOAT ? Float32Array.from(values) : Uint16Array.from(values);
    const view = this.view(Buffer.from(array.buffer), target ? { target } : {});
    return this.describe(values, type, { component, bufferView: view, bounds });
  }

  describe(values, type, { component = FLOAT, bufferView, bounds = false }) {
    const size = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 }[type];
    const columns = Array.from({ length: size }, (_, axis) => values.filter((_, i) => i % size === axis));
    const limits = bounds ? { min: columns.map((all) => Math.min(...all)), max: columns.map((all) => Math.max(...all)) } : {};
    const view = bufferView === undefined ? {} : { bufferView };
    this.json.accessors.push({ ...view, componentType: component, count: values.length / size, type, ...limits });
    return this.json.accessors.length - 1;
  }

  /** The ball as a primitive, of a material. */
  ball(colour) {
    const { positions, uvs, indices } = ball();
    this.json.materials = [{ pbrMetallicRoughness: { baseColorFactor: [...colour, 1], metallicFactor: 0, roughnessFactor: 0.6 } }];
    const attributes = {
      POSITION: this.accessor(positions, "VEC3", { target: ARRAY_BUFFER, bounds: true }),
      TEXCOORD_0: this.accessor(uvs, "VEC2", { target: ARRAY_BUFFER }),
    };
    const primitive = { attributes, indices: this.accessor(indices, "SCALAR", { component: USHORT, target: ELEMENT_BUFFER }), material: 0 };
    this.json.meshes.push({ primitives: [primitive] });
    return primitive;
  }

  #buffer() {
    return Buffer.concat(this.#parts);
  }

  glb() {
    const padded = (bytes, filler) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3, filler)]);
    const binary = padded(this.#buffer(), 0);
    this.json.buffers[0] = { byteLength: binary.length };
    const json = padded(Buffer.from(JSON.stringify(this.json)), " ");
    const header = Buffer.alloc(12);
    header.write("glTF", 0, "latin1");
    header.writeUInt32LE(2, 4);
    header.writeUInt32LE(12 + 8 + json.length + 8 + binary.length, 8);
    return Buffer.concat([header, chunk(json, "JSON"), chunk(binary, "BIN\0")]);
  }

  /** With its buffer inside. */
  gltf() {
    const buffer = this.#buffer();
    this.json.buffers[0] = { byteLength: buffer.length, uri: `data:application/octet-stream;base64,${buffer.toString("base64")}` };
    return Buffer.from(JSON.stringify(this.json));
  }
}

function chunk(bytes, type) {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(bytes.length, 0);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, bytes]);
}

function plain(colour) {
  const gltf = new Gltf();
  gltf.ball(colour);
  return gltf;
}

/** Turned by two joints, of which one moves, and blown up by a morph target: all in one animation of two seconds. */
function animated(colour) {
  const gltf = new Gltf();
  const primitive = gltf.ball(colour);
  const { positions } = ball();
  const count = positions.length / 3;
  const joints = Array.from({ length: count }, (_, i) => [positions[3 * i + 1] > 0 ? 1 : 0, 0, 0, 0]).flat();
  primitive.attributes.JOINTS_0 = gltf.accessor(joints, "VEC4", { component: USHORT, target: ARRAY_BUFFER });
  primitive.attributes.WEIGHTS_0 = gltf.accessor(Array(count).fill([1, 0, 0, 0]).flat(), "VEC4", { target: ARRAY_BUFFER });
  primitive.targets = [{ POSITION: gltf.accessor(positions.map((value) => value * 0.4), "VEC3", { target: ARRAY_BUFFER, bounds: true }) }];
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  gltf.json.skins = [{ joints: [1, 2], inverseBindMatrices: gltf.accessor([...identity, ...identity], "MAT4") }];
  gltf.json.nodes = [{ mesh: 0, skin: 0 }, { children: [2] }, {}];
  gltf.json.scenes = [{ nodes: [0, 1] }];
  const times = gltf.accessor([0, 1, 2], "SCALAR", { bounds: true });
  gltf.json.animations = [
    {
      samplers: [
        { input: times, output: gltf.accessor([0, 0, 0, 0.8, 0, 0, 0, 0, 0], "VEC3") },
        { input: times, output: gltf.accessor([0, 1, 0], "SCALAR") },
      ],
      channels: [
        { sampler: 0, target: { node: 2, path: "translation" } },
        { sampler: 1, target: { node: 0, path: "weights" } },
      ],
    },
  ];
  gltf.json.meshes[0].weights = [0];
  return gltf;
}

/** With a texture of one colour as KTX2 in Basis Universal's UASTC. */
function ktx2(colour) {
  const gltf = plain([1, 1, 1]);
  const image = gltf.view(Buffer.from(uastc(colour.map((value) => Math.round(value * 255)))));
  gltf.json.images = [{ bufferView: image, mimeType: "image/ktx2" }];
  gltf.json.textures = [{ extensions: { KHR_texture_basisu: { source: 0 } } }];
  gltf.json.materials[0].pbrMetallicRoughness.baseColorTexture = { index: 0 };
  gltf.json.extensionsUsed = gltf.json.extensionsRequired = ["KHR_texture_basisu"];
  return gltf;
}

/** One block of 4 by 4 pixels of one colour: UASTC's mode 8, whose code is 23 in five bits, then the four channels. */
function uastc([red, green, blue]) {
  const bits = 23n | (BigInt(red) << 5n) | (BigInt(green) << 13n) | (BigInt(blue) << 21n) | (255n << 29n);
  const container = createDefaultContainer();
  Object.assign(container, { vkFormat: 0, typeSize: 1, pixelWidth: 4, pixelHeight: 4, layerCount: 0, faceCount: 1, levelCount: 1 });
  container.levels = [{ levelData: Uint8Array.from({ length: 16 }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n)), uncompressedByteLength: 16 }];
  container.dataFormatDescriptor = [
    {
      vendorId: 0, descriptorType: 0, versionNumber: 2, colorModel: 166, colorPrimaries: 1, transferFunction: 2, flags: 0,
      texelBlockDimension: [3, 3, 0, 0],
      bytesPlane: [16, 0, 0, 0, 0, 0, 0, 0],
      samples: [{ bitOffset: 0, bitLength: 127, channelType: 0, samplePosition: [0, 0, 0, 0], sampleLower: 0, sampleUpper: 0xffffffff }],
    },
  ];
  return writeKtx2(container);
}

async function meshopt(colour) {
  await MeshoptEncoder.ready;
  const gltf = new Gltf();
  const { positions, indices } = ball();
  const pack = (values, type, mode, stride, component) => {
    const source = new Uint8Array((component === FLOAT ? Float32Array : Uint16Array).from(values).buffer);
    const count = source.length / stride;
    const bytes = Buffer.from(MeshoptEncoder.encodeGltfBuffer(source, count, stride, mode, 0));
    const view = gltf.view(bytes);
    const { byteOffset, byteLength } = gltf.json.bufferViews[view];
    const extension = { buffer: 0, byteOffset, byteLength, byteStride: stride, count, mode };
    gltf.json.bufferViews[view] = { buffer: 1, byteOffset: 0, byteLength: source.length, extensions: { EXT_meshopt_compression: extension } };
    if (mode === "ATTRIBUTES") gltf.json.bufferViews[view].byteStride = stride;
    return gltf.describe(values, type, { component, bufferView: view, bounds: type === "VEC3" });
  };
  const attributes = { POSITION: pack(positions, "VEC3", "ATTRIBUTES", 12, FLOAT) };
  gltf.json.meshes = [{ primitives: [{ attributes, indices: pack(indices, "SCALAR", "TRIANGLES", 2, USHORT), material: 0 }] }];
  gltf.json.materials = [{ pbrMetallicRoughness: { baseColorFactor: [...colour, 1], metallicFactor: 0 } }];
  // The second buffer is what the views would be without the extension; nobody has to have it.
  gltf.json.buffers = [{ byteLength: 0 }, { byteLength: positions.length * 4, extensions: { EXT_meshopt_compression: { fallback: true } } }];
  gltf.json.extensionsUsed = gltf.json.extensionsRequired = ["EXT_meshopt_compression"];
  return gltf;
}

async function draco(colour) {
  const encoder = await draco3d.createEncoderModule({});
  const gltf = new Gltf();
  const { positions, indices } = ball();
  const [builder, mesh, coder, out] = [new encoder.MeshBuilder(), new encoder.Mesh(), new encoder.Encoder(), new encoder.DracoInt8Array()];
  builder.AddFacesToMesh(mesh, indices.length / 3, Uint32Array.from(indices));
  const id = builder.AddFloatAttributeToMesh(mesh, encoder.POSITION, positions.length / 3, 3, Float32Array.from(positions));
  // Sequential: the order of the vertices stays.
  coder.SetEncodingMethod(encoder.MESH_SEQUENTIAL_ENCODING);
  const length = coder.EncodeMeshToDracoBuffer(mesh, out);
  const view = gltf.view(Buffer.from(Array.from({ length }, (_, i) => out.GetValue(i) & 255)));
  for (const one of [out, coder, mesh, builder]) encoder.destroy(one);
  const attributes = { POSITION: gltf.describe(positions, "VEC3", { bounds: true }) };
  const extensions = { KHR_draco_mesh_compression: { bufferView: view, attributes: { POSITION: id } } };
  gltf.json.meshes = [{ primitives: [{ attributes, indices: gltf.describe(indices, "SCALAR", { component: USHORT }), material: 0, extensions }] }];
  gltf.json.materials = [{ pbrMetallicRoughness: { baseColorFactor: [...colour, 1], metallicFactor: 0 } }];
  gltf.json.extensionsUsed = gltf.json.extensionsRequired = ["KHR_draco_mesh_compression"];
  return gltf;
}

// ---- meshes ----

function obj() {
  const { positions, indices } = ball();
  const lines = ["mtllib other.mtl", "o ball", "usemtl clay"];
  for (let i = 0; i < positions.length; i += 3) lines.push(`v ${positions.slice(i, i + 3).map((value) => value.toFixed(4)).join(" ")}`);
  for (let i = 0; i < indices.length; i += 3) lines.push(`f ${indices.slice(i, i + 3).map((vertex) => vertex + 1).join(" ")}`);
  return Buffer.from(`${lines.join("\n")}\n`);
}

/** With a colour for each vertex; with faces, or as points. */
function ply(faces) {
  const { positions, indices } = faces ? ball() : ball(48, 64);
  const count = positions.length / 3;
  const colours = ["red", "green", "blue"].map((name) => `property uchar ${name}`);
  const places = ["x", "y", "z"].map((name) => `property float ${name}`);
  const header = ["ply", "format binary_little_endian 1.0", `element vertex ${count}`, ...places, ...colours];
  if (faces) header.push(`element face ${indices.length / 3}`, "property list uchar int vertex_indices");
  const vertices = Array.from({ length: count }, (_, i) => {
    const place = positions.slice(3 * i, 3 * i + 3);
    return Buffer.concat([floats(place), Buffer.from(place.map((value) => Math.round(127 + 80 * value)))]);
  });
  const triangles = [];
  for (let i = 0; faces && i < indices.length; i += 3) {
    triangles.push(Buffer.from([3]), Buffer.from(Int32Array.from(indices.slice(i, i + 3)).buffer));
  }
  return Buffer.concat([Buffer.from([...header, "end_header", ""].join("\n")), ...vertices, ...triangles]);
}

function triangles() {
  const { positions, indices } = ball();
  const corner = (vertex) => positions.slice(3 * vertex, 3 * vertex + 3);
  return Array.from({ length: indices.length / 3 }, (_, i) => indices.slice(3 * i, 3 * i + 3).map(corner));
}

function stl() {
  const all = triangles().map((corners) => Buffer.concat([floats([0, 0, 0, ...corners.flat()]), Buffer.alloc(2)]));
  const header = Buffer.alloc(84);
  header.writeUInt32LE(all.length, 80);
  return Buffer.concat([header, ...all]);
}

function stlText() {
  const facets = triangles().flatMap((corners) => {
    const vertices = corners.map((corner) => `      vertex ${corner.map((value) => value.toExponential(4)).join(" ")}`);
    return ["  facet normal 0 0 0", "    outer loop", ...vertices, "    endloop", "  endfacet"];
  });
  return Buffer.from(["solid ball", ...facets, "endsolid ball", ""].join("\n"));
}

function floats(values) {
  return Buffer.from(Float32Array.from(values).buffer);
}

const CLAY = [0.75, 0.35, 0.2];

const MAKERS = {
  glb: () => ["glb", plain(CLAY).glb()],
  gltf: () => ["gltf", plain(CLAY).gltf()],
  draco: async () => ["glb", (await draco(CLAY)).glb()],
  meshopt: async () => ["glb", (await meshopt(CLAY)).glb()],
  ktx2: () => ["glb", ktx2(CLAY).glb()],
  animated: () => ["glb", animated(CLAY).glb()],
  obj: () => ["obj", obj()],
  ply: () => ["ply", ply(true)],
  points: () => ["ply", ply(false)],
  stl: () => ["stl", stl()],
  stlText: () => ["stl", stlText()],
};

/** Names of all formats that a scene can have, splats last. */
export const FORMATS = [...Object.keys(MAKERS), "splatPly", "splat", "spz", "ksplat", "sog"];

/** A scene in one of the {@link FORMATS}, as `{extension, bytes}`. */
export async function scene(format) {
  if (format === "splatPly") return splatFile("ply");
  if (!MAKERS[format]) return splatFile(format);
  const [extension, bytes] = await MAKERS[format]();
  return { extension, bytes };
}

/** A GLB of one colour, `[red, green, blue]` from 0 to 1, of another size and at another place. */
export function glb(colour, { scale, offset }) {
  const gltf = plain(colour);
  Object.assign(gltf.json.nodes[0], { scale: [scale, scale, scale], translation: offset });
  return { extension: "glb", bytes: gltf.glb() };
}

/** The ball, with a document that is changed by `change`. */
function changed(change, extension = "glb") {
  const gltf = plain(CLAY);
  change(gltf.json);
  return { extension, bytes: gltf[extension]() };
}

/** Files that would keep a page busy for long, by how, each with what is said of it. */
export const EXCESSIVE = {
  "300,000 nodes": [changed((json) => (json.nodes = Array(300_000).fill({ mesh: 0 }))), /too large/],
  "100,000 parts of 100 meshes": [
    changed((json) => {
      json.nodes = Array(1_000).fill({ mesh: 0 });
      json.meshes[0].primitives = Array(100).fill(json.meshes[0].primitives[0]);
    }),
    /too large/,
  ],
  "a million copies": [
    changed((json) => {
      json.accessors.push({ componentType: FLOAT, count: 1_000_000, type: "VEC3" });
      json.nodes[0].extensions = { EXT_mesh_gpu_instancing: { attributes: { TRANSLATION: json.accessors.length - 1 } } };
      json.extensionsUsed = ["EXT_mesh_gpu_instancing"];
    }),
    /too large/,
  ],
  "200,000 shapes that one changes between": [
    changed((json) => {
      const [primitive] = json.meshes[0].primitives;
      primitive.targets = Array(200_000).fill({ POSITION: primitive.attributes.POSITION });
    }),
    /too large/,
  ],
  "30,000 objects": [{ extension: "obj", bytes: Buffer.from("v 0 0 0\nv 1 0 0\nv 0 1 0\n" + "o a\nf 1 2 3\n".repeat(30_000)) }, /too large/],
  "a texture in SVG": [
    changed((json) => {
      json.images = [{ uri: `data:image/svg+xml;base64,${Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>").toString("base64")}` }];
      json.textures = [{ source: 0 }];
      json.materials[0].pbrMetallicRoughness.baseColorTexture = { index: 0 };
    }),
    /An image inside this 3D scene could not be read/,
  ],
  "an address without an end": [
    { extension: "gltf", bytes: plain(CLAY).gltf().toString().replace(/data:[^"]*/, `data:${"a".repeat(3_000_000)}`) },
    /the file may be damaged/,
  ],
};

/** Ways to damage a file of one of the {@link FORMATS} so that it cannot be shown. */
export const spoilt = {
  /** Its end is missing; an OBJ, which cannot tell, lacks its beginning instead. */
  "cut off": (format, bytes) => {
    const part = Math.floor(bytes.length * 0.6) - 1;
    return format === "obj" ? bytes.subarray(bytes.length - part) : bytes.subarray(0, part);
  },
  /** Its last part is nonsense. */
  overwritten: (format, bytes) => {
    const kept = bytes.subarray(0, Math.floor(bytes.length * 0.6));
    return Buffer.concat([kept, Buffer.alloc(bytes.length - kept.length, 255)]);
  },
};
