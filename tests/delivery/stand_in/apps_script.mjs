// A stand-in for Google's Apps Script, after its reference: it runs the script that is named on the command line as a web app,
// with fakes of the services that the script calls. As there, the answer comes by a redirect to another address, and a script
// that throws is told of by a page with status 200. The sheet's rows are at `GET /rows`.
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { serve } from "./serving.mjs";

let rows = [];
let locked = false;
let last = 0;
const answers = new Map();

const columns = /^A:C$/;
const range = (row, column, height, width) => ({
  getValues: () => rows.slice(row - 1, row - 1 + height).map((cells) => cells.slice(column - 1, column - 1 + width)),
  setValues(values) {
    if (values.length !== height || values.some((cells) => cells.length !== width)) throw new Error("the range has another size");
    if (!locked) throw new Error("the sheet is written without the lock");
    if (values.some((cells) => cells.some((cell) => cell.length > 50_000))) throw new Error("a cell holds 50000 characters");
    values.forEach((cells, n) => (rows[row - 1 + n] = [...cells]));
  },
});
const sheet = {
  getLastRow: () => rows.length,
  getRange: (first, ...others) => (columns.test(first) ? { setNumberFormat: () => sheet } : range(first, ...others)),
};
let opened = process.argv[3] === "with-sheet" ? sheet : null;
const services = {
  SpreadsheetApp: {
    getActiveSpreadsheet: () => ({ getSheetByName: () => opened, insertSheet: () => (opened = sheet) }),
    flush: () => undefined,
  },
  LockService: {
    getScriptLock: () => ({
      waitLock() {
        if (locked) throw new Error("the lock is held");
        locked = true;
      },
      releaseLock: () => (locked = false),
    }),
  },
  ContentService: {
    MimeType: { JSON: "JSON" },
    createTextOutput: (text) => ({ setMimeType: () => text }),
  },
};
const script = createContext(services);
runInContext(readFileSync(process.argv[2], "utf8"), script);

serve(({ method, url, headers, body }) => {
  const answer = answers.get(url.searchParams.get("user_content_key"));
  if (method === "GET" && url.pathname === "/rows") return { status: 200, body: rows };
  if (method === "GET" && url.pathname === "/macros/echo" && answer) return { status: 200, body: answer };
  // A preflight cannot be answered, so that only requests that need none arrive.
  const type = headers["content-type"] ?? "";
  if (method !== "POST" || url.pathname !== "/exec" || !type.startsWith("text/plain")) return { status: 405, body: "not allowed" };
  script.event = { postData: { contents: body, type, length: Buffer.byteLength(body) } };
  try {
    const key = String(++last);
    answers.set(key, runInContext("doPost(event)", script));
    return { status: 302, headers: { Location: `http://${headers.host}/macros/echo?user_content_key=${key}` }, body: "moved" };
  } catch (error) {
    return { status: 200, body: `<html><body>${error}</body></html>` };
  }
});
