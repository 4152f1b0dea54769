import { SceneError } from './errors.js';

/** Extensions that change what is drawn and that GLTFLoader, set up as in load.js, implements. */
const SUPPORTED = new Set([
  'EXT_materials_bump',
  'EXT_mesh_gpu_instancing',
  'EXT_meshopt_compression',
  'EXT_texture_avif',
  'EXT_texture_webp',
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
  'KHR_texture_transform',
]);

/**
 * Refuses what the viewer would show wrongly, or not at all, although the file is valid glTF.
 *
 * @param {object} json the glTF document
 * @throws {SceneError} `external`, `draco`, `unsupported` or `damaged`
 */
export function validate(json) {
  refuseExternal(json.buffers, 'buffers');
  refuseExternal(json.images, 'images');
  refuseExtensions(json);
  refuseCycles(json.nodes ?? []);
}

function refuseExternal(list = [], name) {
  list.forEach(({ uri }, index) => {
    if (uri !== undefined && !/^data:/i.test(uri)) {
      throw new SceneError('external', `${name}[${index}].uri: ${uri}`);
    }
  });
}

function refuseExtensions({ extensionsUsed = [], extensionsRequired = [] }) {
  // GLTFLoader cannot fall back to uncompressed data, so "used" is enough to refuse.
  if (extensionsUsed.includes('KHR_draco_mesh_compression')) throw new SceneError('draco');
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
