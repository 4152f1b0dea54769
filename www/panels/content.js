// What panels ask of sounds and texts: a module outside their bundles, which pages use too, imported when it is first asked.

/** See `content` there. @returns {ReturnType<typeof import("../content/content.js").content>} */
export async function content() {
  const module = await import("../content/content.js");
  return module.content();
}
