import { fetchOwn } from '../../../own.js';
import { SceneError } from '../errors.js';

/**
 * Fetches a part of the viewer.
 *
 * @param {URL} url
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchPart(url) {
  try {
    return await (await fetchOwn(url)).arrayBuffer();
  } catch (cause) {
    throw new SceneError('viewer', String(cause), cause);
  }
}
