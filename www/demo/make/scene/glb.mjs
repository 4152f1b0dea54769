import { normals } from './mesh.mjs';

const SHORT = 5122;
const BYTE = 5120;
const UBYTE = 5121;
const USHORT = 5123;

/** A self-contained binary glTF; small integers in place of floats make it a third of the size. */
export function glb(mesh, { metallic, roughness }) {
  const count = mesh.positions.length / 3;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  mesh.positions.forEach((x, i) => {
    low[i % 3] = Math.min(low[i % 3], x);
    high[i % 3] = Math.max(high[i % 3], x);
  });
  const middle = low.map((x, i) => (x + high[i]) / 2);
  const half = Math.max(...low.map((x, i) => (high[i] - x) / 2));

  const points = Buffer.alloc(count * 8);
  const facing = Buffer.alloc(count * 4);
  const colours = Buffer.alloc(count * 4, 255);
  const triangles = Buffer.alloc(Math.ceil(mesh.indices.length / 2) * 4);
  const min = [32767, 32767, 32767];
  const max = [-32767, -32767, -32767];
  const directions = normals(mesh);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      const q = Math.round(((mesh.positions[i * 3 + c] - middle[c]) / half) * 32767);
      min[c] = Math.min(min[c], q);
      max[c] = Math.max(max[c], q);
      points.writeInt16LE(q, i * 8 + c * 2);
      facing.writeInt8(Math.round(directions[i * 3 + c] * 127), i * 4 + c);
      colours.writeUInt8(Math.round(Math.min(1, Math.max(0, mesh.colours[i * 3 + c])) * 255), i * 4 + c);
    }
  }
  mesh.indices.forEach((x, i) => triangles.writeUInt16LE(x, i * 2));

  const parts = [points, facing, colours, triangles];
  let offset = 0;
  const bufferViews = parts.map((part, i) => {
    const view = { buffer: 0, byteOffset: offset, byteLength: part.length, target: i === 3 ? 34963 : 34962 };
    if (i < 3) view.byteStride = i === 0 ? 8 : 4;
    offset += part.length;
    return view;
  });
  const json = {
    asset: { version: '2.0', generator: 'k-sort demo' },
    extensionsUsed: ['KHR_mesh_quantization'],
    extensionsRequired: ['KHR_mesh_quantization'],
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, scale: [half, half, half], translation: middle }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1, COLOR_0: 2 }, indices: 3, material: 0 }] }],
    materials: [{ pbrMetallicRoughness: { metallicFactor: metallic, roughnessFactor: roughness }, doubleSided: true }],
    accessors: [
      { bufferView: 0, componentType: SHORT, normalized: true, count, type: 'VEC3', min, max },
      { bufferView: 1, componentType: BYTE, normalized: true, count, type: 'VEC3' },
      { bufferView: 2, componentType: UBYTE, normalized: true, count, type: 'VEC4' },
      { bufferView: 3, componentType: USHORT, count: mesh.indices.length, type: 'SCALAR' },
    ],
    bufferViews,
    buffers: [{ byteLength: offset }],
  };
  return pack(json, Buffer.concat(parts));
}

function pack(json, binary) {
  let text = JSON.stringify(json);
  text += ' '.repeat((4 - (Buffer.byteLength(text) % 4)) % 4);
  const chunk = (type, data) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(data.length, 0);
    head.writeUInt32LE(type, 4);
    return Buffer.concat([head, data]);
  };
  const body = Buffer.concat([chunk(0x4e4f534a, Buffer.from(text)), chunk(0x004e4942, binary)]);
  const head = Buffer.alloc(12);
  head.write('glTF');
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(12 + body.length, 8);
  return Buffer.concat([head, body]);
}
