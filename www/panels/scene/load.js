import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js';
import { readContainer } from './container.js';
import { freeModel } from './free.js';
import { BufferLoader, ImageTextureLoader } from './resources.js';
import { SceneError } from './errors.js';
import { validate } from './validate.js';

/**
 * Reads a GLB or a self-contained .gltf; makes no network request.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Promise<{model: import('three').Object3D, clip: import('three').AnimationClip | undefined}>}
 *   the default scene and its first animation
 * @throws {SceneError}
 */
export async function loadModel(bytes) {
  const { json, binary } = readContainer(bytes);
  const images = new ImageTextureLoader();
  const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder).register((parser) => {
    parser.fileLoader = new BufferLoader();
    parser.textureLoader = images;
    return { name: 'KSORT_self_contained' };
  });

  let gltf;
  try {
    validate(json);
    gltf = await loader.parseAsync(binary ? bytes : json, '');
  } catch (error) {
    throw error instanceof SceneError ? error : new SceneError('damaged', String(error), error);
  }
  if (!gltf.scene) throw new SceneError('empty');
  if (images.errors.length > 0) {
    freeModel(gltf.scene);
    throw new SceneError('image', String(images.errors[0]), images.errors[0]);
  }
  return { model: gltf.scene, clip: gltf.animations[0] };
}
