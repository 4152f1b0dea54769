import { SceneError } from '../errors.js';

/**
 * Fetches a part of the viewer.
 *
 * @param {string} path from this script's own folder, where the bundle puts all parts
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchPart(path) {
  try {
    const response = await fetch(new URL(path, import.meta.url));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return await response.arrayBuffer();
  } catch (cause) {
    throw new SceneError('viewer', String(cause), cause);
  }
}
