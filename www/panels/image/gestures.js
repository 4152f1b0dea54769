/** What a notch of a wheel, or a pixel of a trackpad, zooms. */
const WHEEL_RATE = 0.0022;
const LINE = 16;

/**
 * Listens to wheel, drag, pinch and double click on a panel. Points are in CSS pixels from its centre.
 *
 * @param {HTMLElement} area
 * @param {object} on
 * @param {(factor: number, point: {x: number, y: number}) => void} on.zoom
 * @param {(move: {x: number, y: number}) => void} on.drag
 * @param {(point: {x: number, y: number}) => void} on.toggle a double click or tap
 * @param {() => boolean} on.isZoomed
 * @returns {() => void} ends it
 */
export function listen(area, on) {
  const abort = new AbortController();
  const pointers = new Map();
  const add = (type, listener, options) => area.addEventListener(type, listener, { signal: abort.signal, ...options });
  const fromCentre = ({ clientX, clientY }) => {
    const { left, top, width, height } = area.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  };

  add(
    "wheel",
    (event) => {
      // The list of options scrolls where they do not all fit.
      const scroller = area.closest(".stage");
      const scrolls = scroller.scrollHeight > scroller.clientHeight + 1;
      const out = event.deltaY > 0;
      if (!event.ctrlKey && !on.isZoomed() && (scrolls || out)) return;
      event.preventDefault();
      const delta = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE : event.deltaY;
      on.zoom(Math.exp(-delta * WHEEL_RATE * (event.ctrlKey ? 4 : 1)), fromCentre(event));
    },
    { passive: false },
  );

  add("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button, input, select")) return;
    pointers.set(event.pointerId, fromCentre(event));
    if (on.isZoomed() || pointers.size > 1) area.setPointerCapture(event.pointerId);
  });
  add("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = fromCentre(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    const middle = (one) => (other ? { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 } : one);
    const [from, to] = [middle(before), middle(now)];
    if (other) {
      const distance = (one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
      on.zoom(distance(now) / distance(before), to);
    }
    if (on.isZoomed()) on.drag({ x: to.x - from.x, y: to.y - from.y });
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) add(type, ({ pointerId }) => pointers.delete(pointerId));
  add("dblclick", (event) => !event.target.closest("button, input, select") && on.toggle(fromCentre(event)));
  return () => abort.abort();
}
