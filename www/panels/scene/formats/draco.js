import { DRACOLoader } from 'three/addons/loaders/DRACOLoader.js';
import wrapper from 'three/addons/libs/draco/gltf/draco_wasm_wrapper.js' with { type: 'text' };
import { fetchPart } from './part.js';
import { lend } from './shared.js';

const MAX_WORKERS = 2;

/** Decodes Draco meshes in workers; its script is bundled with it. */
class BundledDraco extends DRACOLoader {
  _loadLibrary(url, responseType) {
    return responseType === 'text' ? Promise.resolve(wrapper) : fetchPart(new URL('./draco_decoder.wasm', import.meta.url));
  }
}

const borrow = lend(
  () => new BundledDraco().setWorkerLimit(MAX_WORKERS),
  (draco) => draco.dispose(),
);

/** Borrows the page's one decoder, whose workers end when nobody needs it. */
export function borrowDraco() {
  const { one, giveBack } = borrow();
  return { draco: one, giveBack };
}
