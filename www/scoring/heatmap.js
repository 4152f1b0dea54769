// How probably each model is better than each other, as colours.
import { make } from "../dom.js";
import { percent } from "./percent.js";

/** CSS pixels: the largest cell, the largest map, the room for a row of numbers, half of it, and for three digits. */
const CELL = 44;
const MAP = 600;
const EDGE = 22;
const HALF = EDGE / 2;
const DIGITS = 30;
/** The most room for the names beside the map, also as a share of all. */
const NAMES = 240;
const SHARE = 0.4;
/** Most models whose names stand beside the map, and most letters of one that are looked at. */
const NAMED = 30;
const LETTERS = 100;

/** A figure of N × N probabilities by rows, models best first. `host` is the element that it is shown in, `t` says texts. */
export function heatMap(names, better, host, t) {
  const n = names.length;
  const what = t("How probably the model of a row is better than that of a column");
  const label = t("Heat map of {0} by {0} models. {1}. Arrow keys go from cell to cell.", n, what);
  const canvas = make("canvas", { tabindex: 0, role: "img", "aria-label": label });
  const swatches = ["worse", "even", "better"].map((className) => make("span", { className: `swatch ${className}` }));
  const legend = make("p", { className: "legend" }, "0%", make("span", { className: "scale" }, ...swatches), "100%");
  const readout = make("p", { className: "readout", role: "status" });
  const caption = make("figcaption", { text: what });
  const figure = make("figure", { className: "pairs" }, caption, canvas, legend, readout);
  const map = { t, names, better, n, canvas, swatches, readout, cell: undefined, columns: undefined, image: undefined };
  listen(map, figure, host);
  return figure;
}

function listen(map, figure, host) {
  const { canvas, n } = map;
  const gone = new AbortController();
  const { signal } = gone;
  const paint = () => {
    if (!figure.isConnected) return gone.abort();
    map.image = undefined;
    draw(map);
  };
  const [resized, themed] = [new ResizeObserver(paint), new MutationObserver(paint)];
  resized.observe(figure.firstChild);
  themed.observe(host, { attributeFilter: ["theme"] });
  signal.addEventListener("abort", () => [resized, themed].forEach((observer) => observer.disconnect()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint, { signal });

  const point = (event) => {
    const { left, top, size } = map.columns;
    const box = canvas.getBoundingClientRect();
    const [column, row] = [event.clientX - box.left - left, event.clientY - box.top - top].map((at) => Math.floor(at / size));
    const inside = [column, row].every((at) => at >= 0 && at < n);
    go(map, inside ? [row, column] : undefined);
  };
  for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, point, { signal });
  // Keys may have gone somewhere meanwhile.
  canvas.addEventListener("pointerleave", () => canvas.matches(":focus-visible") || go(map, undefined), { signal });
  canvas.addEventListener("focus", () => map.cell ?? go(map, [0, Math.min(1, n - 1)]), { signal });
  canvas.addEventListener("blur", () => go(map, undefined), { signal });
  canvas.addEventListener("keydown", (event) => step(map, event), { signal });
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function step(map, event) {
  const by = STEPS[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const at = map.cell ?? [0, 0];
  go(map, at.map((place, n) => Math.min(map.n - 1, Math.max(0, place + by[n]))));
}

function go(map, cell) {
  if (String(map.cell) === String(cell)) return;
  map.cell = cell;
  map.readout.textContent = cell ? told(map, cell) : "";
  draw(map);
}

function told({ t, names, better, n }, [row, column]) {
  if (row === column) return names[row];
  return t("{0} is better than {1} with probability {2}.", names[row], names[column], percent(better[row * n + column]));
}

function draw(map) {
  const { canvas, names, n } = map;
  const style = getComputedStyle(canvas);
  const context = canvas.getContext("2d");
  const font = `13px ${style.fontFamily}`;
  context.font = font;
  const room = canvas.previousSibling.clientWidth;
  const named = n <= NAMED;
  const label = (row) => `${row + 1} ${[...names[row].slice(0, 2 * LETTERS)].slice(0, LETTERS).join("")}`;
  const wide = named ? Math.max(...names.map((_, row) => context.measureText(label(row)).width)) + 8 : DIGITS;
  const left = Math.ceil(Math.min(wide, NAMES, room * SHARE));
  const size = Math.min(CELL, Math.min(MAP, room - left - HALF) / n);
  map.columns = { left, top: EDGE, size };
  const [width, height] = [left + size * n + HALF, EDGE + size * n + HALF];
  const scale = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
  context.setTransform(scale, 0, 0, scale, 0, 0);

  context.imageSmoothingEnabled = false;
  context.drawImage((map.image ??= picture(map)), left, EDGE, size * n, size * n);
  context.font = font;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  const every = [1, 2, 5, 10, 20, 50, 100].find((every) => every * size >= (n < 100 ? EDGE : DIGITS)) ?? 200;
  for (let at = 0; at < n; at++) {
    const middle = (at + 0.5) * size;
    const marked = every === 1 || (at + 1) % every === 0;
    context.textAlign = "center";
    if (marked) context.fillText(`${at + 1}`, left + middle, HALF);
    context.textAlign = "left";
    if (named && size >= 12) context.fillText(fit(context, label(at), left - 8), 0, EDGE + middle);
    else if (marked) context.fillText(`${at + 1}`, 0, EDGE + middle);
  }
  if (map.cell) {
    const [row, column] = map.cell;
    context.strokeStyle = style.color;
    context.lineWidth = 2;
    context.strokeRect(left + column * size - 1, EDGE + row * size - 1, size + 2, size + 2);
  }
}

/** A pixel a cell. */
function picture({ better, n, swatches }) {
  const [worse, even, best] = swatches.map((swatch) => getComputedStyle(swatch).backgroundColor.match(/[\d.]+/g).map(Number));
  const pixels = new ImageData(n, n);
  for (let cell = 0; cell < n * n; cell++) {
    const lead = better[cell] * 2 - 1;
    const end = lead < 0 ? worse : best;
    for (let part = 0; part < 3; part++) pixels.data[cell * 4 + part] = even[part] + (end[part] - even[part]) * Math.abs(lead);
    pixels.data[cell * 4 + 3] = 255;
  }
  const image = document.createElement("canvas");
  image.width = image.height = n;
  image.getContext("2d").putImageData(pixels, 0, 0);
  return image;
}

/** A text that is no wider than this. */
function fit(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  const letters = [...text];
  let [low, high] = [1, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${letters.slice(0, middle).join("")}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("")}…`;
}
