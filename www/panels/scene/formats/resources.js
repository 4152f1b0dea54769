import { Texture } from 'three';

/** Decodes a base64 data: URI. A page may forbid to fetch() one (connect-src), so it is done here. */
export function decodeDataUri(uri) {
  const comma = uri.indexOf(',');
  const head = uri.slice('data:'.length, Math.max(comma, 0));
  if (!/^data:/i.test(uri) || !head.toLowerCase().endsWith(';base64')) throw new Error('a data: URI is not base64');
  const type = head.split(';', 1)[0];
  const text = atob(uri.slice(comma + 1));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return { type, bytes };
}

/** Stands in for GLTFParser's FileLoader: reads buffers from data: URIs, and nothing else. */
export class BufferLoader {
  load(uri, onLoad, onProgress, onError) {
    try {
      onLoad(decodeDataUri(uri).bytes.buffer);
    } catch (error) {
      onError(error);
    }
  }
}

/**
 * Stands in for GLTFParser's texture loader: reads images from data: and blob: URIs through an
 * image element, because ImageBitmapLoader fetches, which connect-src may forbid.
 */
export class ImageTextureLoader {
  #errors;

  /** @param {unknown[]} errors where errors go: GLTFParser drops a texture that fails, and shows the model without it */
  constructor(errors) {
    this.#errors = errors;
  }

  load(uri, onLoad, onProgress, onError) {
    loadTexture(uri).then(onLoad, (error) => {
      this.#errors.push(error);
      onError(error);
    });
  }
}

async function loadTexture(uri) {
  if (uri.startsWith('blob:')) return decodeTexture(uri);
  const { type, bytes } = decodeDataUri(uri);
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  try {
    return await decodeTexture(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function decodeTexture(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const texture = new Texture(image);
  texture.needsUpdate = true;
  return texture;
}
