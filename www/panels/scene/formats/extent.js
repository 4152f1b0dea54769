import { MAX_CORNERS, MAX_ENTRIES, MAX_PARTS, MAX_VERTICES, checkCount } from './limits.js';

/** Lists of a document with the most entries that are read of them. */
const LISTS = {
  ...{ nodes: MAX_PARTS, meshes: MAX_PARTS, materials: MAX_PARTS, scenes: 1_000, skins: 1_000, cameras: 1_000, animations: 1_000 },
  ...{ textures: 2_000, images: 2_000, samplers: 2_000, buffers: 1_000, bufferViews: MAX_ENTRIES, accessors: MAX_ENTRIES },
};

/**
 * Refuses a glTF whose parts would keep the page busy for long, before anything is made of them.
 *
 * @param {object} json the glTF document
 * @throws {SceneError} `large`
 */
export function refuseMany(json) {
  for (const [name, most] of Object.entries(LISTS)) checkCount(json[name]?.length ?? 0, most, name);
  const { nodes = [], scenes = [], skins = [], animations = [], meshes = [], accessors = [] } = json;
  const count = (number) => accessors[number]?.count ?? 0;

  const sum = (list, size) => list.reduce((total, one) => total + size(one), 0);
  checkCount(sum(nodes, ({ children = [] }) => children.length) + sum(scenes, ({ nodes = [] }) => nodes.length), MAX_ENTRIES, 'children');
  checkCount(sum(animations, ({ channels = [], samplers = [] }) => channels.length + samplers.length), MAX_ENTRIES, 'animated properties');
  const joints = skins.map(({ joints = [] }) => joints.length);
  checkCount(sum(nodes, ({ skin }) => joints[skin] ?? 0) + sum(joints, (one) => one), MAX_ENTRIES, 'joints');
  checkCount(sum(meshes, ({ primitives }) => primitives.length), MAX_PARTS, 'primitives');

  const sizes = meshes.map(({ primitives }) => ({
    parts: primitives.length,
    vertices: sum(primitives, ({ attributes, targets = [] }) => count(attributes.POSITION) * (1 + targets.length)),
    corners: sum(primitives, ({ attributes, indices }) => count(indices ?? attributes.POSITION)),
  }));
  const drawn = { parts: 0, vertices: 0, corners: 0 };
  for (const { mesh, extensions } of nodes) {
    const size = sizes[mesh];
    if (!size) continue;
    const copies = Object.values(extensions?.EXT_mesh_gpu_instancing?.attributes ?? {}).map(count).reduce((a, b) => Math.max(a, b), 1);
    drawn.parts += size.parts;
    drawn.vertices += size.vertices * copies;
    // A copy costs something even if it has no corners.
    drawn.corners += Math.max(size.corners, 1) * copies;
  }
  checkCount(drawn.parts, MAX_PARTS, 'parts');
  checkCount(drawn.vertices, MAX_VERTICES, 'vertices');
  checkCount(drawn.corners, MAX_CORNERS, 'corners');
}

/**
 * Refuses a model that has more vertices than its file said, as what was compressed may have.
 *
 * @param {import('three').Object3D} model
 * @throws {SceneError} `large`
 */
export function refuseManyVertices(model) {
  let vertices = 0;
  model.traverse(({ geometry }) => (vertices += geometry?.getAttribute('position')?.count ?? 0));
  checkCount(vertices, MAX_VERTICES, 'vertices');
}
