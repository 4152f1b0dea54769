import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { ksort } from "./paths.js";

/** `ksort serve` on a study folder; can be killed and started again on the same port and database. */
export class Server {
  #folder;
  #database;
  #process;
  #stderr = "";
  /** Address with a slash at the end. */
  url;

  constructor(folder, database) {
    this.#folder = folder;
    this.#database = database;
  }

  /** Starts the server, or starts it again where it was. */
  async start() {
    const address = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const args = ["serve", this.#folder, "--addr", address, "--db", this.#database];
    const child = spawn(ksort, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    child.stderr.on("data", (text) => (this.#stderr += text));
    const failed = once(child, "error").then(([error]) => Promise.reject(error));
    const ended = once(child, "exit").then(() => Promise.reject(new Error(`ksort serve ended: ${this.#stderr}`)));
    this.url = await Promise.race([serving(child.stdout), failed, ended]);
    // From here on its end is expected.
    for (const rejects of [failed, ended]) rejects.catch(() => {});
  }

  /** Kills the server, as a crash would. */
  async stop() {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Address of the page with these parameters. */
  page(parameters = {}) {
    return `${this.url}?${new URLSearchParams(parameters)}`;
  }

  /** Every stored vote of a study, in the order in which they arrived. */
  async votes(study) {
    const response = await fetch(`${this.url}api/votes?study=${study}`);
    if (response.status === 404) return [];
    if (!response.ok) throw new Error(`GET /api/votes: ${response.status} ${await response.text()}`);
    return jsonLines(await response.text());
  }
}

async function serving(stdout) {
  for await (const line of createInterface({ input: stdout })) {
    const told = /^K-Sort is serving ".*" at (http:\/\/\S+\/)$/.exec(line);
    if (told) {
      stdout.resume();
      return told[1];
    }
  }
  return new Promise(() => {}); // it ended, which is told elsewhere
}

/** The records of a JSON Lines text. */
export function jsonLines(text) {
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}
