// Where pictures are looked at: the same relative place of each, whatever its size. Pure arithmetic.

/**
 * A way to look at pictures.
 *
 * @typedef {object} View
 * @property {number} zoom times the size that fits the panel, 1 to {@link MOST_ZOOM}
 * @property {number} x the point at the panel's centre, from 0 (left) to 1 of the picture's width
 * @property {number} y the same of its height, from the top
 */

/** The whole picture. @returns {View} */
export const whole = () => ({ zoom: 1, x: 0.5, y: 0.5 });

/** The same for all pictures, so that they stay together. */
const MOST_ZOOM = 64;

/**
 * Size of a picture that fits a panel, in CSS pixels.
 *
 * @param {{width: number, height: number}} picture in its own pixels; without a size of its own it is as large as the panel
 * @param {{width: number, height: number}} panel
 */
export function fitted(picture, panel) {
  if (!(picture.width > 0 && picture.height > 0)) return { ...panel, scale: 1 };
  const scale = Math.min(panel.width / picture.width, panel.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale, scale };
}

/** A view moved as little as needed to show no more emptiness than it must. */
export function clamped(view, picture, panel) {
  const fit = fitted(picture, panel);
  const { zoom } = view;
  const within = (at, size, room) => {
    const half = room / (2 * size * zoom);
    return half >= 0.5 ? 0.5 : Math.min(Math.max(at, half), 1 - half);
  };
  return { zoom, x: within(view.x, fit.width, panel.width), y: within(view.y, fit.height, panel.height) };
}

/** How far the picture's centre is moved off the panel's, in CSS pixels. */
export function offset({ zoom, x, y }, picture, panel) {
  const fit = fitted(picture, panel);
  return { x: (0.5 - x) * fit.width * zoom, y: (0.5 - y) * fit.height * zoom };
}

/** Zooms by a factor, keeping what is at a point, in CSS pixels from the panel's centre. */
export function zoomedAt(view, factor, point, picture, panel) {
  const fit = fitted(picture, panel);
  const zoom = Math.min(Math.max(view.zoom * factor, 1), MOST_ZOOM);
  const shift = (at, pixels, size) => at + (pixels / size) * (1 / view.zoom - 1 / zoom);
  return clamped({ zoom, x: shift(view.x, point.x, fit.width), y: shift(view.y, point.y, fit.height) }, picture, panel);
}

/** Moves the picture along with a hand, by CSS pixels. */
export function draggedBy(view, move, picture, panel) {
  const fit = fitted(picture, panel);
  return clamped({ zoom: view.zoom, x: view.x - move.x / (fit.width * view.zoom), y: view.y - move.y / (fit.height * view.zoom) }, picture, panel);
}

/** Whether a pixel of the picture takes more than one of the screen, by zooming. */
export function showsPixels({ zoom }, picture, panel, pixelRatio) {
  return zoom > 1 && picture.width > 0 && fitted(picture, panel).scale * zoom * pixelRatio > 1;
}
