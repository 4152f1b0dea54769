import { KTX2Loader } from 'three/addons/loaders/KTX2Loader.js';
import script from 'three/addons/libs/basis/basis_transcoder.js' with { type: 'text' };
import { callerOf, invokerOf } from './embind.js';
import { checkTexture } from './ktx2.js';
import { fetchPart } from './part.js';
import { decodeDataUri } from './resources.js';
import { lend } from './shared.js';

const MAX_WORKERS = 2;

/** Transcodes KTX2 textures in workers; its script is bundled with it, and makes no code from text. */
class BundledBasis extends KTX2Loader {
  init() {
    this.transcoderPending ??= this.#prepare();
    return this.transcoderPending;
  }

  async #prepare() {
    const transcoder = await fetchPart(new URL('./basis_transcoder.wasm', import.meta.url));
    this.workerSourceURL = URL.createObjectURL(new Blob([workerScript()], { type: 'text/javascript' }));
    this.workerPool.setWorkerCreator(() => {
      const worker = new Worker(this.workerSourceURL);
      worker.postMessage({ type: 'init', config: this.workerConfig, transcoderBinary: transcoder });
      return worker;
    });
  }
}

function workerScript() {
  const worker = KTX2Loader.BasisWorker.toString();
  const constants = ['EngineFormat', 'EngineType', 'TranscoderFormat', 'BasisFormat'];
  return [
    ...constants.map((name) => `let _${name} = ${JSON.stringify(KTX2Loader[name])};`),
    `const invokerOf = ${invokerOf};`,
    `const callerOf = ${callerOf};`,
    withoutEval(script),
    worker.slice(worker.indexOf('{') + 1, worker.lastIndexOf('}')),
  ].join('\n');
}

/** The transcoder's glue makes functions from text, which a page's policy forbids; `embind.js` makes the same ones. */
function withoutEval(source) {
  const places = [
    ['newFunc(Function,args)(...closureArgs)', 'invokerOf(argTypes,isClassMethodFunc,returns,cppInvokerFunc,cppTargetFunc,runDestructors)'],
    ['newFunc(Function,params)(...args)', 'callerOf(types,retType,kind,emval_returnValue)'],
  ];
  return places.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error('the script of the Basis transcoder is another than the viewer knows');
    return text.replace(from, to);
  }, source);
}

const borrow = lend(
  () => new BundledBasis().setWorkerLimit(MAX_WORKERS),
  (basis) => basis.dispose(),
);

/**
 * Borrows the page's one transcoder, whose workers end when nobody needs it.
 *
 * @param {import('../renderer.js').SharedRenderer} renderer
 * @param {unknown[]} errors where errors go: GLTFParser drops a texture that fails, and shows the model without it
 */
export function borrowBasis(renderer, errors) {
  const { one, giveBack } = borrow();
  renderer.detectTextures(one);
  const parse = async (bytes, onLoad, onError) => {
    try {
      checkTexture(bytes);
      onLoad(await new Promise((resolve, reject) => one.parse(bytes, resolve, reject)));
    } catch (error) {
      errors.push(error);
      onError(error);
    }
  };
  const basis = {
    isKTX2Loader: true,
    parse,
    load: (uri, onLoad, onProgress, onError) => parse(decodeDataUri(uri).bytes.buffer, onLoad, onError),
  };
  return { basis, giveBack };
}
