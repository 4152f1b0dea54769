import { SceneError } from '../errors.js';

/**
 * Width and height of a WebP in pixels, from its first chunk; see RFC 9649.
 *
 * @param {Uint8Array} bytes
 */
export function pictureSize(bytes) {
  const text = (at) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 30 || text(0) !== 'RIFF' || text(8) !== 'WEBP') throw new SceneError('image', 'not a WebP');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (text(12)) {
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
    default:
      throw new SceneError('image', 'a WebP of a SOG that is not lossless');
  }
}
