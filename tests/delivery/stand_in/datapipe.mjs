// A stand-in for DataPipe, after its API reference (https://pipe.jspsych.org/api-docs): one active experiment, "experiment",
// which takes JSON. The files of its project are at `GET /files`, in the order in which they came.
import { parse, serve } from "./serving.mjs";

const files = new Map();
const fail = (error) => ({ status: 400, body: { error, message: `it failed: ${error}` } });

serve(({ method, url, headers, body }) => {
  if (method === "GET" && url.pathname === "/files") return { status: 200, body: [...files] };
  if (method !== "POST" || url.pathname !== "/api/data/") return { status: 404, body: "not found" };
  const sent = headers["content-type"]?.startsWith("application/json") ? parse(body) : undefined;
  if (!sent?.experimentID || !sent.data || !sent.filename) return fail("MISSING_PARAMETER");
  if (sent.experimentID !== "experiment") return fail("EXPERIMENT_NOT_FOUND");
  if (typeof sent.data !== "string" || parse(sent.data) === undefined) return fail("INVALID_DATA");
  if (files.has(sent.filename)) return fail("OSF_FILE_EXISTS");
  files.set(sent.filename, sent.data);
  return { status: 201, body: { message: "Success" } };
});
