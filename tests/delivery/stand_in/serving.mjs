// What the stand-ins share: an HTTP server on a free port, which tells its address and ends when its input does.
import { createServer } from "node:http";

/// Serves `answer({ method, url, headers, body })`, which gives `{ status, headers, body }`; a body that is no text goes as JSON.
export function serve(answer) {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { method, headers } = request;
    const url = new URL(request.url, `http://${headers.host}`);
    const told = await answer({ method, url, headers, body: Buffer.concat(parts).toString() });
    const isText = typeof told.body === "string";
    const body = told.body === undefined ? "" : isText ? told.body : JSON.stringify(told.body);
    const kind = isText ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
    const length = told.status === 204 ? {} : { "Content-Type": kind, "Content-Length": Buffer.byteLength(body) };
    response.writeHead(told.status, { ...length, ...told.headers }).end(body);
  });
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
  process.stdin.on("end", () => process.exit()).resume();
}

/// The value of a JSON text; undefined where it is none.
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
