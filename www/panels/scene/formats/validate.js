import { SceneError } from '../errors.js';
import { refuseMany } from './extent.js';
import { MAX_DECODED_BYTES } from './limits.js';

/** Extensions that change what is drawn and that GLTFLoader, set up as in gltf.js, implements. */
const SUPPORTED = new Set([
  'EXT_materials_bump',
  'EXT_mesh_gpu_instancing',
  'EXT_meshopt_compression',
  'EXT_texture_avif',
  'EXT_texture_webp',
  'KHR_draco_mesh_compression',
  'KHR_lights_punctual',
  'KHR_materials_anisotropy',
  'KHR_materials_clearcoat',
  'KHR_materials_diffuse_roughness',
  'KHR_materials_dispersion',
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_iridescence',
  'KHR_materials_sheen',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_materials_unlit',
  'KHR_materials_volume',
  'KHR_mesh_quantization',
  'KHR_meshopt_compression',
  'KHR_texture_basisu',
  'KHR_texture_transform',
]);

const COMPONENT_BYTES = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 };
const COMPONENTS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 };

/**
 * Refuses what the viewer would show wrongly, or not at all, although the file is valid glTF.
 *
 * @param {object} json the glTF document
 * @param {number} fileBytes how long the file is
 * @throws {SceneError} `external`, `unsupported`, `truncated`, `damaged` or `large`
 */
export function validate(json, fileBytes) {
  refuseMany(json);
  refuseExternal(json.buffers, 'buffers');
  refuseExternal(json.images, 'images');
  refuseVectors(json.images);
  refuseExtensions(json);
  refuseCycles(json.nodes ?? []);
  refuseMissing(json, fileBytes);
  refuseHuge(json);
}

function refuseExternal(list = [], name) {
  list.forEach(({ uri }, index) => {
    if (uri !== undefined && !/^data:/i.test(uri)) {
      throw new SceneError('external', `${name}[${index}].uri: ${uri}`);
    }
  });
}

/** A picture in SVG draws as much as it likes; glTF has none. */
function refuseVectors(images = []) {
  for (const { mimeType, uri } of images) {
    if (/svg/i.test(mimeType) || /^data:image\/svg/i.test(uri)) throw new SceneError('image', 'a texture in SVG');
  }
}

function refuseExtensions({ extensionsRequired = [] }) {
  const missing = extensionsRequired.filter((name) => !SUPPORTED.has(name));
  if (missing.length > 0) throw new SceneError('unsupported', missing.join(', '));
}

/** A node that is its own ancestor would leave GLTFLoader waiting for itself for ever. */
function refuseCycles(nodes) {
  const state = new Uint8Array(nodes.length);
  const [OPEN, DONE] = [1, 2];
  for (let root = 0; root < nodes.length; root++) {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1);
      if (state[node] !== 0) {
        state[node] = DONE;
        stack.pop();
        continue;
      }
      state[node] = OPEN;
      for (const child of nodes[node].children ?? []) {
        if (state[child] === OPEN) throw new SceneError('damaged', `nodes[${child}] is its own ancestor`);
        if (state[child] === 0) stack.push(child);
      }
    }
  }
}

/** A view that reaches beyond its buffer, or a buffer beyond its file, is what is left of a file that was cut off. */
function refuseMissing({ buffers = [], bufferViews = [] }, fileBytes) {
  // The fallback of compressed data is nowhere, and of no use.
  const used = new Set(bufferViews.filter(({ extensions }) => !extensions).map(({ buffer }) => buffer));
  buffers.forEach(({ uri, byteLength }, index) => {
    if (!(byteLength >= 0)) throw new SceneError('damaged', 'a buffer without a length');
    if (used.has(index) && uri === undefined && byteLength > fileBytes) throw new SceneError('truncated', 'a buffer is longer than the file');
  });
  for (const { buffer, byteOffset = 0, byteLength, extensions } of bufferViews) {
    if (!buffers[buffer] || !(byteOffset >= 0) || !(byteLength >= 0)) throw new SceneError('damaged', 'a view without a buffer');
    if (!extensions && byteOffset + byteLength > buffers[buffer].byteLength) throw new SceneError('truncated', 'a view is longer than its buffer');
  }
}

/** What is not in the file as it is (zeros, sparse, compressed) could ask for any amount of memory. */
function refuseHuge({ accessors = [], bufferViews = [] }) {
  let decoded = 0;
  for (const accessor of accessors) {
    const size = COMPONENTS[accessor.type] * COMPONENT_BYTES[accessor.componentType];
    if (!(size > 0) || !Number.isSafeInteger(accessor.count) || accessor.count < 0) throw new SceneError('damaged', 'an accessor without a size');
    const bytes = size * accessor.count;
    const view = bufferViews[accessor.bufferView];
    if (accessor.bufferView !== undefined && !view) throw new SceneError('damaged', 'an accessor without its view');
    const stride = view?.byteStride ?? size;
    if (view && accessor.count > 0 && (accessor.byteOffset ?? 0) + stride * (accessor.count - 1) + size > view.byteLength) {
      throw new SceneError('truncated', 'an accessor is longer than its view');
    }
    decoded += bytes;
  }
  for (const { extensions = {} } of bufferViews) {
    for (const { count, byteStride } of Object.values(extensions)) {
      if (count !== undefined) decoded += count * byteStride;
    }
  }
  // NaN is refused too.
  if (!(decoded <= MAX_DECODED_BYTES)) throw new SceneError('large', `${decoded} bytes`);
}
