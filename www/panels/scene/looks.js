import { FrontSide, MeshBasicMaterial, MeshMatcapMaterial, MeshNormalMaterial } from 'three';
import { materialsOf } from './free.js';
import { makeMatcap } from './matcap.js';

/** Seen on a light page and on a dark one. */
const WIRE = 0x6f7690;

let matcap;

const MAKERS = {
  wireframe: () => new MeshBasicMaterial({ color: WIRE, wireframe: true, toneMapped: false }),
  normals: (how) => new MeshNormalMaterial({ ...how, toneMapped: false }),
  matcap: (how) => new MeshMatcapMaterial({ ...how, matcap: (matcap ??= makeMatcap()), toneMapped: false }),
};

/** The ways to look at a model: as it is, or by its shape alone. Lines and points stay as they are. */
export class Looks {
  #meshes = new Map();
  #made = new Map();

  /** @param {import('three').Object3D} model */
  constructor(model) {
    model.traverse((object) => object.isMesh && this.#meshes.set(object, object.material));
  }

  /** Shows the model in this way. */
  set(look) {
    for (const [mesh, own] of this.#meshes) mesh.material = MAKERS[look] ? this.#material(look, mesh, own) : own;
  }

  /** Gives all meshes their own materials back, and frees the others. */
  dispose() {
    this.set('shaded');
    for (const material of this.#made.values()) material.dispose();
  }

  /** One for all meshes that need the same. */
  #material(look, mesh, own) {
    const side = materialsOf({ material: own })[0]?.side ?? FrontSide;
    const flatShading = !mesh.geometry.hasAttribute('normal');
    const key = [look, side, flatShading].join();
    if (!this.#made.has(key)) this.#made.set(key, MAKERS[look]({ side, flatShading }));
    return this.#made.get(key);
  }
}
