import { SceneError } from '../errors.js';

/** No file may ask for more than this many bytes once it is decoded: a tab has a few GB for all panels. */
export const MAX_DECODED_BYTES = 1 << 30;
/** As many splats as the format SPZ allows for. */
export const MAX_SPLATS = 10_000_000;
/** Of a side of a picture, in pixels. */
export const MAX_SIDE = 16_384;
/** Of all meshes, with their copies and the shapes that they change between. */
export const MAX_VERTICES = 20_000_000;
/** Corners of triangles, lines and points that are drawn for a picture. */
export const MAX_CORNERS = 60_000_000;
/** Parts that are drawn one by one, and nodes of a scene: each costs the browser some hundredths of a millisecond. */
export const MAX_PARTS = 20_000;
/** What a scene may be put together from besides: so much that no scene made to be looked at has it. */
export const MAX_ENTRIES = 200_000;

/** @throws {SceneError} `large`, if there is more than so much of something; not a number is too much as well */
export function checkCount(count, most, what) {
  if (!(count <= most)) throw new SceneError('large', `${count} ${what}`);
}

/**
 * Checks how many splats a file says it has.
 *
 * @throws {SceneError} `empty`, `large` or `damaged`
 */
export function checkSplats(count) {
  if (count === 0) throw new SceneError('empty');
  if (!(count > 0)) throw new SceneError('damaged', 'the number of splats is none');
  if (count > MAX_SPLATS) throw new SceneError('large', `${count} splats`);
}

/** @throws {SceneError} `truncated`, if a file is shorter than what it says it holds */
export function checkLength(bytes, needed) {
  if (bytes < needed) throw new SceneError('truncated', `${needed} bytes were expected, there are ${bytes}`);
}
