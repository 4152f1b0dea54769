/**
 * Frees what a model holds on the GPU.
 *
 * @param {import('three').Object3D} model
 */
export function freeModel(model) {
  const resources = new Set();
  model.traverse((object) => {
    // Copies of a mesh, and splats.
    if (object.dispose) resources.add(object);
    if (object.geometry) resources.add(object.geometry);
    if (object.skeleton) resources.add(object.skeleton);
    for (const material of materialsOf(object)) {
      resources.add(material);
      for (const value of Object.values(material)) {
        if (value?.isTexture) resources.add(value);
      }
    }
  });
  for (const resource of resources) resource.dispose();
}

/** The materials of an object, as a list. */
export function materialsOf(object) {
  return object.material ? [object.material].flat() : [];
}
