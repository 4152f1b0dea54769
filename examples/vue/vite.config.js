import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  // Relative URLs: what is built works from any path.
  base: "./",
  publicDir: "../studies",
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "k-sort" } } })],
  // The element finds its files from where it lies, which is lost when it is bundled ahead for development.
  optimizeDeps: { exclude: ["k-sort"] },
});
