// PouchDB's server of CouchDB's protocol, in memory. Tells its address; ends when its input does. Whoever logs in is an
// administrator: accounts of its own the server does not have in this small form.
import express from "express";
import handler from "express-pouchdb";
import PouchDB from "pouchdb-core";
import memory from "pouchdb-adapter-memory";
import mapreduce from "pouchdb-mapreduce";

const Memory = PouchDB.plugin(memory).plugin(mapreduce).defaults({ adapter: "memory" });
const app = express();
app.use((request, _, next) => {
  request.couchSession = { userCtx: { name: null, roles: request.headers.authorization ? ["_admin"] : [] } };
  next();
});
app.use(handler(Memory, { mode: "minimumForPouchDB", overrideMode: { include: ["validation"] } }));
const server = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on("end", () => process.exit()).resume();
