import { SceneError } from '../errors.js';

/**
 * Fetches a part of the viewer.
 *
 * @param {URL} url
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchPart(url) {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return await response.arrayBuffer();
  } catch (cause) {
    throw new SceneError('viewer', String(cause), cause);
  }
}
