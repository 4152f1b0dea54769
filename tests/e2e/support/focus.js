/** What has the focus, as a rater would name it. */
export const focused = (page) =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const label = at.closest("[role=group]")?.getAttribute("aria-label");
    const name = at.type === "radio" ? "radio" : at.textContent.trim() || at.getAttribute("aria-label") || at.labels?.[0]?.textContent;
    return at === document.body ? "page" : [label, name].filter(Boolean).join(": ");
  });

/** Presses Tab until what has the focus is called so. */
export async function tabTo(page, name) {
  const passed = [];
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press("Tab");
    passed.push(await focused(page));
    if (passed.at(-1) === name) return;
  }
  throw new Error(`Tab does not reach ${name}, but ${passed.join(", ")}`);
}
