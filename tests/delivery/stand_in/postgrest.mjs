// A stand-in for PostgREST, after its documentation ("Tables and Views", "Transactions"): it runs the SQL that is described there
// on a real PostgreSQL, as the role `anon`. Command line: the URL of the database.
import { createRequire } from "node:module";
import { parse, serve } from "./serving.mjs";

const pg = createRequire(new URL("../../servers/package.json", import.meta.url))("pg");
const pool = new pg.Pool({ connectionString: process.argv[2], max: 8 });
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
// "Errors": SQLSTATE to status; what the role may not do is 401 for one who is anonymous.
const STATUS = { 42501: 401, 23505: 409, "42P01": 404, 42703: 400, 57014: 500 };

serve(async ({ method, url, headers, body }) => {
  const table = quoted(url.pathname.slice(1));
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query(
      "SELECT set_config('role', 'anon', true), set_config('request.method', $1, true), set_config('request.path', $2, true)",
      [method, url.pathname],
    );
    const told = method === "POST" ? await insert(client, table, url, headers, body) : await select(client, table, url);
    await client.query("COMMIT");
    return told;
  } catch (error) {
    await client.query("ROLLBACK");
    const { code, message } = error;
    return { status: STATUS[code] ?? (code === undefined || code.startsWith("5") ? 500 : 400), body: { code, message } };
  } finally {
    client.release();
  }
});

async function insert(client, table, url, headers, body) {
  const rows = parse(body);
  if (!Array.isArray(rows)) return { status: 400, body: { code: "PGRST102", message: "Empty or invalid json" } };
  const columns = Object.keys(rows[0] ?? {});
  const prefer = (headers.prefer ?? "").split(",").map((part) => part.trim());
  const names = columns.map(quoted).join(", ");
  const target = url.searchParams.get("on_conflict");
  const ignores = target !== null && prefer.includes("resolution=ignore-duplicates");
  const returning = prefer.includes("return=representation") ? (url.searchParams.get("select") ?? "*") : "1";
  const { rows: types } = await client.query(
    "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = $1::regclass",
    [table],
  );
  const shape = columns.map((name) => `${quoted(name)} ${types.find((column) => column.name === name)?.type ?? "unknown"}`);
  const inserted = await client.query(
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_to_recordset($1::json) AS _(${shape.join(", ")}) ` +
      `${ignores ? `ON CONFLICT (${quoted(target)}) DO NOTHING` : ""} RETURNING ${returning}`,
    [body],
  );
  if (returning !== "1") return { status: 201, body: inserted.rows };
  return { status: inserted.rowCount > 0 ? 201 : 200 };
}

async function select(client, table, url) {
  const values = [];
  const filters = [];
  let rest = "";
  for (const [key, value] of url.searchParams) {
    const filter = /^(eq|gt)\.(.*)$/s.exec(value);
    if (key === "order") rest = `ORDER BY ${value.split(".").map((part, n) => (n === 0 ? quoted(part) : "ASC")).join(" ")} ${rest}`;
    else if (key === "limit") rest += ` LIMIT ${Number(value)}`;
    else if (key !== "select" && filter) {
      values.push(filter[2]);
      filters.push(`${quoted(key)} ${filter[1] === "eq" ? "=" : ">"} $${values.length}`);
    }
  }
  const columns = (url.searchParams.get("select") ?? "*").split(",").map((name) => (name === "*" ? name : quoted(name)));
  const where = filters.length > 0 ? `WHERE ${filters.join(" AND ")}` : "";
  const inner = `SELECT ${columns.join(", ")} FROM ${table} ${where} ${rest}`;
  const found = await client.query(`SELECT coalesce(json_agg(_), '[]')::text AS rows FROM (${inner}) _`, values);
  return { status: 200, headers: { "Content-Type": "application/json" }, body: found.rows[0].rows };
}
