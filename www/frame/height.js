// How high the page is, for the page around the frame.

/**
 * Tells the height in CSS pixels, at first and whenever it changes: to `told`, and as a host with `@open-iframe-resizer/core` expects it.
 *
 * @param {(height: number) => void} told
 */
export function tellHeight(told) {
  let isAwaited = false;
  const tell = () => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    // While the widget fills the window in place of the screen, the page has none.
    if (height === 0) return;
    told(Math.ceil(height));
    // Any page around may know it, as it could see it.
    if (isAwaited) parent.postMessage({ type: "iframe-resized", width: Math.ceil(width), height: Math.ceil(height) }, "*");
  };
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !["iframe-child-init", "iframe-get-child-dimensions"].includes(data?.type)) return;
    isAwaited = true;
    tell();
  });
  new ResizeObserver(tell).observe(document.documentElement);
}
