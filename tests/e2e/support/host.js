import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { dist } from "./paths.js";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/**
 * Somebody's web server: the widget's files, and `routes`. A route is a path with a page's HTML or with a function
 * of request and response, or a path that ends in a slash with a folder. `policy` is sent as Content-Security-Policy, with
 * scripts and styles too, but not with the file that brings its own. `cors`: pages of others may load it all.
 */
export async function startHost(routes = {}, { policy, cors = false } = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(routes, request, response).catch((error) => response.writeHead(error.code === "ENOENT" ? 404 : 500).end());
  });
  const answer = async (routes, request, response) => {
    const path = new URL(request.url, "http://host").pathname;
    const route = routes[path];
    if (typeof route === "function") return route(request, response);
    const headers = policy && path !== "/panels/frame.html" ? { "content-security-policy": policy } : {};
    if (cors) headers["access-control-allow-origin"] = "*";
    if (typeof route === "string") return response.writeHead(200, { "content-type": TYPES[".html"], ...headers }).end(route);
    const prefix = Object.keys(routes).find((prefix) => prefix.length > 1 && prefix.endsWith("/") && path.startsWith(prefix));
    const file = prefix ? join(routes[prefix], normalize("/" + path.slice(prefix.length))) : join(dist, normalize(path));
    const body = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers }).end(body);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}/`,
    /** Every request so far: method and path. */
    asked,
    /** The same under a name that browsers take for another site. */
    otherSite: `http://localhost:${port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A page with these elements. */
export function pageWith(elements) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host page</title><link rel="icon" href="data:,">
    <script type="module" src="k-sort.js"></script></head><body><main><h1>Host page</h1>${elements}</main></body></html>`;
}
