import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const www = fileURLToPath(new URL("../../../www/", import.meta.url));
const ORIGIN = "http://modules.test/";

/** Opens an empty page that can import the modules of `www/` by their paths there, such as `/panels/audio/mixer.js`. */
export async function openModules(page) {
  await page.route(`${ORIGIN}**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") await route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Modules</title><link rel=icon href=data:,>" });
    else await route.fulfill({ contentType: "text/javascript", body: await readFile(join(www, pathname)) });
  });
  await page.goto(ORIGIN);
}
