import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { expect } from "@playwright/test";

import { write } from "./study.js";
import { root } from "./paths.js";

/** The environment that xtask makes of `tests/jupyter/requirements.txt`. */
const PYTHON = join(root, "target/tools/jupyter", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const TOKEN = "e2e";

/** JupyterLab on a folder, with the package `ksort` as it is in the project. */
export async function startJupyter(folder) {
  const home = join(folder, ".home");
  const own = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"].map((name) => [name, join(home, name)]);
  const env = { ...process.env, ...Object.fromEntries(own), PYTHONPATH: join(root, "python/src"), PYTHONUNBUFFERED: "1" };
  const args = ["--no-browser", "--allow-root", "--ServerApp.port=0", `--IdentityProvider.token=${TOKEN}`, `--ServerApp.root_dir=${folder}`];
  // It would ask elsewhere for news.
  const config = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };
  await write(join(home, "JUPYTER_CONFIG_DIR"), "labconfig/page_config.json", JSON.stringify(config));
  const child = spawn(PYTHON, ["-m", "jupyterlab", ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  const url = await Promise.race([serving(child.stderr), failed]);
  failed.catch(() => {});
  // The line with the address comes before the server listens.
  await expect.poll(() => fetch(`${url}api`).then(({ ok }) => ok, () => false)).toBe(true);
  return {
    /** Address of a notebook in the folder. */
    notebook: (name) => `${url}lab/tree/${name}?token=${TOKEN}`,
    async stop() {
      const ended = once(child, "exit");
      // It ends its kernels.
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function serving(stderr) {
  const lines = [];
  for await (const line of createInterface({ input: stderr })) {
    lines.push(line);
    const told = /(http:\/\/127\.0\.0\.1:\d+\/)lab\?token=/.exec(line);
    if (told) {
      stderr.resume();
      return told[1];
    }
  }
  throw new Error(`JupyterLab ended: ${lines.join("\n")}`);
}

/** Writes a notebook with these cells of Python into a folder. */
export async function writeNotebook(folder, name, cells) {
  const cell = (source, n) => ({ cell_type: "code", id: `cell-${n}`, source, metadata: {}, outputs: [], execution_count: null });
  const kernelspec = { name: "python3", display_name: "Python 3", language: "python" };
  await write(folder, name, JSON.stringify({ cells: cells.map(cell), metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
}
