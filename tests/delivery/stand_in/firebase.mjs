// A stand-in for Firebase's Realtime Database, after its REST API's reference, "Structure your database" and "Retrieving data".
// Security rules, read from the file that is named on the command line, are carried out by targaryen, which others wrote.
// The ids of votes in the order in which they first came are at `GET /arrivals`.
// The owner, `Authorization: Bearer owner` as in Firebase's emulator, is bound by none.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parse, serve } from "./serving.mjs";

const targaryen = createRequire(new URL("../../servers/package.json", import.meta.url))("targaryen");
const rules = parse(readFileSync(process.argv[2], "utf8"));
const ruleset = targaryen.ruleset(rules);
const votes = new Map();
const arrivals = [];
const denied = { status: 401, body: { error: "Permission denied" } };

serve(({ method, url, headers, body }) => {
  if (method === "GET" && url.pathname === "/arrivals") return { status: 200, body: arrivals };
  const path = /^\/votes(?:\/([^/]+))?\.json$/.exec(decodeURIComponent(url.pathname));
  if (!path) return { status: 404, body: { error: "this stand-in has votes only" } };
  if (method === "GET" && path[1] === undefined) return read(url.searchParams, headers.authorization === "Bearer owner");
  if (method === "PUT" && path[1] !== undefined) return put(path[1], body, url.searchParams.get("print"));
  return { status: 405, body: { error: "this stand-in reads all votes or puts one" } };
});

function put(id, body, print) {
  const sent = parse(body);
  if (sent === undefined) return { status: 400, body: { error: "Invalid data; couldn't parse JSON object, array, or value." } };
  if (!areKeys([id]) || !areKeysBelow(sent)) return { status: 400, body: { error: "Invalid data; a key is not allowed." } };
  const now = Date.now();
  // The rules look at this vote alone, so that the others need not be there.
  const before = targaryen.database(ruleset, { votes: { [id]: votes.get(id) ?? null } }, now).as(null);
  if (!before.write(`/votes/${id}`, sent, undefined, now).allowed) return denied;
  if (!votes.has(id)) arrivals.push(id);
  votes.set(id, kept(sent, now));
  return print === "silent" ? { status: 204 } : { status: 200, body: sent };
}

function read(query, isOwner) {
  if (!isOwner && !targaryen.database(ruleset, {}).as(null).read("/votes").allowed) return denied;
  const order = parse(query.get("orderBy") ?? "null");
  if (order === null) return { status: 200, body: votes.size === 0 ? null : Object.fromEntries(votes) };
  if (!rules.rules.votes[".indexOn"]?.includes(order)) return { status: 400, body: { error: "Index not defined" } };
  const rank = ([, vote]) => vote[order] ?? 0;
  const start = parse(query.get("startAt") ?? "0");
  const most = parse(query.get("limitToFirst") ?? "null") ?? Infinity;
  const found = [...votes].filter((entry) => rank(entry) >= start).sort((a, b) => rank(a) - rank(b) || (a[0] < b[0] ? -1 : 1));
  return { status: 200, body: Object.fromEntries(found.slice(0, most)) };
}

function areKeys(keys) {
  return keys.every((key) => key !== "" && Buffer.byteLength(key) <= 768 && !/[.$#[\]/\x00-\x1f\x7f]/.test(key));
}

function areKeysBelow(value) {
  if (value === null || typeof value !== "object") return true;
  const keys = Object.keys(value).filter((key) => key !== ".sv");
  return areKeys(keys) && Object.values(value).every(areKeysBelow);
}

/// What the database makes of a value: the server's time where it is asked for, and neither nulls nor anything empty.
function kept(value, now) {
  if (value === null || typeof value !== "object") return value;
  if (value[".sv"] === "timestamp") return now;
  const pairs = Object.entries(value).map(([key, part]) => [key, kept(part, now)]);
  const filled = pairs.filter(([, part]) => part !== null);
  return filled.length === 0 ? null : Object.fromEntries(filled);
}
