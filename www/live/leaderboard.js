// The live leaderboard: standings as the server sends them, in a table.
// The address may say `?criterion=ID`, and `#token=TOKEN`: browsers send no server what stands after `#`.

const SVG = "http://www.w3.org/2000/svg";
const [titleOf, criteriaOf, stateOf, rowsOf] = ["title", "criteria", "state", "standings"].map((id) => document.getElementById(id));
/** How long nothing at all may come of a stream, which says something every 15 seconds. */
const SILENCE = 45_000;

/** The token in the address. Not by URLSearchParams, which takes `+` for a blank. */
const token = (() => {
  const text = /[#&]token=([^&]*)/.exec(location.hash)?.[1] ?? "";
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
})();
const criterion = new URLSearchParams(location.search).get("criterion");

/** Says how the connection stands. */
const tell = (text, live = false) => {
  stateOf.textContent = text;
  stateOf.classList.toggle("live", live);
};

const cell = (tag, text, name) => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
};

/** The interval of a row as a line from `lo` to `hi` with a dot at `mu`, on a scale that all rows share. */
const plot = ({ mu, lo, hi }, from, to) => {
  const at = (value) => `${3 + (94 * (value - from)) / (to - from || 1)}%`;
  const draw = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const svg = draw("svg", { class: "plot", "aria-hidden": "true" });
  svg.append(draw("line", { x1: at(lo), x2: at(hi), y1: 8, y2: 8 }), draw("circle", { cx: at(mu), cy: 8, r: 6 }));
  const text = cell("span", `${mu.toFixed(1)} (${lo.toFixed(1)} to ${hi.toFixed(1)})`, "ends");
  const holder = document.createElement("td");
  holder.append(svg, text);
  return holder;
};

let before = new Map();

const show = (standings) => {
  const from = Math.min(...standings.map(({ lo }) => lo));
  const to = Math.max(...standings.map(({ hi }) => hi));
  const rows = standings.map((standing) => {
    const row = document.createElement("tr");
    const name = cell("th", standing.name);
    name.scope = "row";
    const known = before.get(standing.model);
    if (known !== undefined && known !== standing.votes) row.className = "changed";
    row.append(
      cell("td", standing.rank, "number"),
      name,
      plot(standing, from, to),
      cell("td", standing.score.toFixed(2), "number"),
      cell("td", standing.votes, "number"),
    );
    return row;
  });
  before = new Map(standings.map(({ model, votes }) => [model, votes]));
  rowsOf.replaceChildren(...rows);
  setTimeout(() => rows.forEach((row) => row.classList.remove("changed")), 900);
};

/** The `data` of each event in a stream of server-sent events; calls `heard` when anything comes. */
async function* events(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").filter((line) => line.startsWith("data:"));
      if (data.length) yield data.map((line) => line.slice(5).trimStart()).join("\n");
    }
  }
}

/** Shows events until the stream ends or is silent; false if the server refuses, so that asking again is of no use. */
const watch = async () => {
  const connection = new AbortController();
  let silence;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => connection.abort(), SILENCE);
  };
  heard();
  try {
    return await follow(connection.signal, heard);
  } finally {
    clearTimeout(silence);
  }
};

const follow = async (signal, heard) => {
  const target = new URL("api/leaderboard/stream", location.href);
  if (criterion) target.searchParams.set("criterion", criterion);
  // Not an EventSource, which cannot carry a token but in the address, where logs would keep it.
  const headers = /^[\x21-\x7e]+$/.test(token) ? { Authorization: `Bearer ${token}` } : {};
  const response = await fetch(target, { headers, cache: "no-store", signal });
  if (!response.ok) {
    const { error } = await response.json().catch(() => ({ error: `status ${response.status}` }));
    tell(response.status === 401 ? "This leaderboard needs a token: add #token=TOKEN to the address and load it again" : error);
    return response.status === 429 || response.status >= 500;
  }
  tell("Live", true);
  for await (const data of events(response.body, heard)) show(JSON.parse(data));
  tell("The connection ended, trying again");
  return true;
};

/** The study's title and its criteria, to choose from where there are several. */
const describe = async () => {
  const study = await (await fetch("study/study.json")).json();
  document.title = titleOf.textContent = `Leaderboard: ${study.title ?? study.id}`;
  const criteria = study.criteria ?? [];
  if (criteria.length < 2) return;
  const links = criteria.map(({ id, question }, n) => {
    const link = cell("a", question || id);
    link.href = `?${new URLSearchParams({ criterion: id })}${location.hash}`;
    if (id === criterion || (!criterion && n === 0)) link.setAttribute("aria-current", "page");
    return link;
  });
  criteriaOf.replaceChildren(...links);
};

// Another token is another page.
addEventListener("hashchange", () => location.reload());
// Without a title the leaderboard is still one.
describe().catch(() => {});
for (let pause = 1; ; pause = Math.min(2 * pause, 30)) {
  const begun = Date.now();
  const again = await watch().catch(() => {
    tell("No connection, trying again");
    return true;
  });
  if (!again) break;
  if (Date.now() - begun > 30_000) pause = 1;
  await new Promise((resolve) => setTimeout(resolve, 1000 * pause));
}
