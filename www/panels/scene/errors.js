const MESSAGES = {
  'not-gltf': 'This file is not a 3D model in the glTF format.',
  'gltf-version': 'This 3D model is in glTF 1.0; only glTF 2.0 can be shown.',
  truncated: 'This 3D model is incomplete: the end of the file is missing.',
  damaged: 'This 3D model could not be read; the file may be damaged.',
  external: 'This 3D model refers to other files; only a self-contained model can be shown.',
  unsupported: 'This 3D model needs a feature that the viewer does not have.',
  draco: 'This 3D model uses Draco compression, which the viewer cannot read.',
  image: 'An image inside this 3D model could not be read.',
  empty: 'This 3D model has nothing to show.',
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
