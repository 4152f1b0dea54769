// Icons of 24 by 24, drawn with a line.
const PATHS = {
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  keys: "M9 9a3 3 0 1 1 4 2.8c-.7.3-1 .9-1 1.7M12 17v.5",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  unlocked: "M7 11V8a5 5 0 0 1 9.6-2M6 11h12v9H6z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M5 5h14v14H5zM9 9h6v6H9z",
  flicker: "M4 6h11v11H4zM9 17v3h11V9h-5",
  wipe: "M12 3v18M4 6h16v12H4zM8 12l-2 0M16 12l2 0",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  back: "M19 6l-8 6 8 6zM7 6v12",
  forward: "M5 6l8 6-8 6zM17 6v12",
  loop: "M4 12V9a3 3 0 0 1 3-3h12l-3-3M20 12v3a3 3 0 0 1-3 3H5l3 3",
  sound: "M4 9v6h4l5 4V5L8 9zM17 9a4 4 0 0 1 0 6",
  muted: "M4 9v6h4l5 4V5L8 9zM17 9l5 6M22 9l-5 6",
  reload: "M20 12a8 8 0 1 1-2.3-5.6M20 3v4h-4",
  reset: "M4 12a8 8 0 1 0 2.3-5.6M4 3v4h4",
  turn: "M4 12c0-2 3.6-4 8-4s8 2 8 4-3.6 4-8 4M9 13l3 3-3 3",
  shaded: "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0M8 9.5A5 5 0 0 1 11.5 7",
  wireframe: "M12 3l8 5v8l-8 5-8-5V8zM12 3v18M4 8l16 8M20 8L4 16",
  normals: "M4 18c4-4 12-4 16 0M12 15V4M9 7l3-3 3 3M6 16L3 9M18 16l3-7",
  matcap: "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0M5 9c4 3 10 3 14 0M5.5 16c3 2 10 2 13 0",
  counts: "M9 4L7 20M17 4l-2 16M4 9h16M4 15h16",
  difference: "M4 6h10M4 12h6M4 18h10M18 6v4M16 8h4M16 17h4",
};

/** An icon of this name, which says nothing by itself: label what it stands on. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
