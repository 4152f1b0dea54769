import { DoubleSide, Mesh, MeshStandardMaterial, Points, PointsMaterial } from 'three';
import { SceneError } from '../errors.js';

/** Of formats that say nothing about their surface: a light grey, dull, so that shape is all that is seen. */
const GREY = 0xc8c8c8;
const ROUGHNESS = 0.75;
/** Side of a point, as a part of the radius that the whole scene has. */
const POINT_SIZE = 0.012;

/** The surface of formats that say nothing about it. Which way round a triangle is wound is not agreed upon, so both sides are seen. */
export function surface(geometry) {
  const vertexColors = geometry.hasAttribute('color');
  return new MeshStandardMaterial({ color: vertexColors ? 0xffffff : GREY, roughness: ROUGHNESS, vertexColors, side: DoubleSide });
}

/** A mesh of a format that has no materials. */
export function toMesh(geometry) {
  if (!geometry.hasAttribute('normal')) geometry.computeVertexNormals();
  return new Mesh(geometry, surface(geometry));
}

/** Points, each a small square. */
export function toPoints(geometry) {
  const vertexColors = geometry.hasAttribute('color');
  const color = vertexColors ? 0xffffff : 0x8a8f9c;
  return new Points(geometry, new PointsMaterial({ color, vertexColors, size: POINT_SIZE, toneMapped: false }));
}

/** @throws {SceneError} `empty`, or `damaged` where a vertex is nowhere, or is asked for and not there */
export function checkGeometry(geometry) {
  const position = geometry.getAttribute('position');
  if (!position || position.count === 0) throw new SceneError('empty');
  for (let i = 0; i < position.count; i++) {
    // Not a number if one of them is not; infinite likewise.
    if (!Number.isFinite(position.getX(i) + position.getY(i) + position.getZ(i))) throw new SceneError('damaged', 'a vertex is not finite');
  }
  const index = geometry.getIndex();
  for (let i = 0; i < (index?.count ?? 0); i++) {
    if (index.getX(i) >= position.count) throw new SceneError('damaged', 'a face has a vertex that there is not');
  }
}
