const MESSAGES = {
  format: 'This file is not a 3D scene in a format that the viewer knows.',
  'not-gltf': 'This file is not a 3D scene in the glTF format.',
  'gltf-version': 'This 3D scene is in glTF 1.0; only glTF 2.0 can be shown.',
  truncated: 'This 3D scene is incomplete: the end of the file is missing.',
  damaged: 'This 3D scene could not be read; the file may be damaged.',
  external: 'This 3D scene refers to other files; only a self-contained scene can be shown.',
  unsupported: 'This 3D scene needs a feature that the viewer does not have.',
  image: 'An image inside this 3D scene could not be read.',
  empty: 'This 3D scene has nothing to show.',
  large: 'This 3D scene is too large to be shown.',
  slow: 'This 3D scene took too long to read.',
  viewer: 'A part of the 3D viewer could not be loaded.',
  webgl: 'This browser cannot show 3D: WebGL is switched off or not supported.',
  'context-lost': 'The browser stopped drawing 3D and did not start again; reload the page.',
};

/**
 * Why a scene cannot be shown.
 *
 * `message` is for the rater and never quotes the file, whose names may tell which model made it;
 * `code` is stable, one of the keys above; `detail` is for the author of the study, and may be empty.
 */
export class SceneError extends Error {
  constructor(code, detail = '', cause = undefined) {
    super(MESSAGES[code], { cause });
    this.name = 'SceneError';
    this.code = code;
    this.detail = detail;
  }
}

/** An error for the rater: what a reader of files threw of its own says nothing to them. */
export function damaged(error) {
  return error instanceof SceneError ? error : new SceneError('damaged', String(error), error);
}
