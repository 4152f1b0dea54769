import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { SceneError } from '../errors.js';
import { freeModel } from '../free.js';
import { readContainer } from './container.js';
import { refuseManyVertices } from './extent.js';
import { checkGeometry } from './mesh.js';
import { BufferLoader, ImageTextureLoader } from './resources.js';
import { validate } from './validate.js';

const DRACO = 'KHR_draco_mesh_compression';
const BASIS = 'KHR_texture_basisu';
const MESHOPT = ['EXT_meshopt_compression', 'KHR_meshopt_compression'];

/**
 * Reads a GLB or a self-contained .gltf.
 *
 * @param {ArrayBuffer} bytes
 * @param {{renderer: import('../renderer.js').SharedRenderer}} how
 * @returns {Promise<import('../load.js').Loaded>} the default scene and its first animation
 */
export async function read(bytes, { renderer }) {
  const { json, binary } = readContainer(bytes);
  validate(json, bytes.byteLength);
  const used = json.extensionsUsed ?? [];
  const errors = [];
  const loader = new GLTFLoader().register((parser) => {
    parser.fileLoader = new BufferLoader();
    parser.textureLoader = new ImageTextureLoader(errors);
    return { name: 'KSORT_self_contained' };
  });
  const done = [];
  let gltf;
  try {
    if (MESHOPT.some((name) => used.includes(name))) {
      const { MeshoptDecoder } = await part(import('three/addons/libs/meshopt_decoder.module.js'));
      loader.setMeshoptDecoder(MeshoptDecoder);
    }
    if (used.includes(DRACO)) {
      const { borrowDraco } = await part(import('./draco.js'));
      const { draco, giveBack } = borrowDraco();
      done.push(giveBack);
      loader.setDRACOLoader(draco);
    }
    if (used.includes(BASIS)) {
      const { borrowBasis } = await part(import('./basis.js'));
      const { basis, giveBack } = borrowBasis(renderer, errors);
      done.push(giveBack);
      loader.setKTX2Loader(basis);
    }
    gltf = await loader.parseAsync(binary ? bytes : json, '');
  } finally {
    for (const giveBack of done) giveBack();
  }
  if (!gltf.scene) throw new SceneError('empty');
  try {
    const [error] = errors;
    if (error) throw error instanceof SceneError ? error : new SceneError('image', String(error), error);
    refuseManyVertices(gltf.scene);
    gltf.scene.traverse(({ geometry }) => geometry && checkGeometry(geometry));
  } catch (error) {
    freeModel(gltf.scene);
    throw error;
  }
  return { model: gltf.scene, clip: gltf.animations[0] };
}

async function part(loading) {
  try {
    return await loading;
  } catch (cause) {
    throw new SceneError('viewer', String(cause), cause);
  }
}
