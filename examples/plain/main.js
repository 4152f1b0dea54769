import "k-sort";

const widget = document.querySelector("k-sort");
const choice = document.querySelector("select");
const list = document.querySelector("ol");

function show(standings) {
  const lines = standings.map(({ name, score, votes }) => `${name}: ${score.toFixed(1)} (${votes} votes)`);
  list.replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

choice.addEventListener("change", () => {
  widget.setAttribute("src", choice.value);
  show([]);
});
widget.addEventListener("k-sort-vote", ({ detail }) => {
  console.log("vote", detail);
  show(widget.leaderboard());
});
