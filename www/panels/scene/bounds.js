import { Box3, Matrix4, Sphere, Vector3 } from 'three';

/** Poses of an animation that are measured, so that a moving model stays in the picture. */
const POSES = 8;
/** Of a model with more vertices, in all poses, only every so many are measured: a skinned one takes about a microsecond. */
const MAX_VERTICES = 2_000_000;

/**
 * The sphere around a model, in world units, over its whole animation. The centre is that of the
 * bounding box and the radius reaches to the farthest vertex: tighter than the sphere of the box.
 *
 * @param {import('three').Object3D} model
 * @param {import('./playback.js').Playback} playback left at its first pose
 * @returns {Sphere} with radius 0 or less where there is nothing to see
 */
export function boundingSphere(model, playback) {
  const poses = playback.animated ? POSES : 1;
  let vertices = 0;
  model.traverse((object) => (vertices += (object.geometry?.attributes.position?.count ?? 0) * copiesOf(object)));
  const step = Math.ceil((vertices * poses) / MAX_VERTICES);
  const eachVertex = (visit) => {
    for (let pose = 0; pose < poses; pose++) {
      playback.seek((pose / poses) * playback.duration);
      model.updateMatrixWorld(true);
      model.traverse((object) => visitVertices(object, step, visit));
    }
    playback.seek(0);
  };

  const box = new Box3();
  eachVertex((point) => box.expandByPoint(point));
  const sphere = new Sphere();
  if (box.isEmpty()) return sphere;
  box.getCenter(sphere.center);
  let squared = 0;
  eachVertex((point) => {
    squared = Math.max(squared, sphere.center.distanceToSquared(point));
  });
  sphere.radius = Math.sqrt(squared);
  return sphere;
}

const point = new Vector3();
const instance = new Matrix4();

function visitVertices(object, step, visit) {
  const position = object.geometry?.attributes.position;
  if (!position) return;
  for (let copy = 0; copy < copiesOf(object); copy++) {
    if (object.isInstancedMesh) object.getMatrixAt(copy, instance);
    for (let i = 0; i < position.count; i += step) {
      if (object.isMesh) object.getVertexPosition(i, point);
      else point.fromBufferAttribute(position, i);
      if (object.isInstancedMesh) point.applyMatrix4(instance);
      visit(point.applyMatrix4(object.matrixWorld));
    }
  }
}

function copiesOf(object) {
  return object.isInstancedMesh ? object.count : 1;
}
