import { defineConfig } from "vite";

export default defineConfig({
  // Relative URLs: what is built works from any path.
  base: "./",
  publicDir: "../studies",
  // The element finds its files from where it lies, which is lost when it is bundled ahead for development.
  optimizeDeps: { exclude: ["k-sort"] },
});
