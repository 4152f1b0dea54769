import "k-sort";
import type { KSortElement, Standing } from "k-sort";
import type {} from "k-sort/react";
import { useRef, useState } from "react";

export function App() {
  const widget = useRef<KSortElement>(null);
  const [study, setStudy] = useState("skies.json");
  const [standings, setStandings] = useState<Standing[]>([]);

  function choose(src: string) {
    setStudy(src);
    setStandings([]);
  }

  return (
    <>
      <h1>K-Sort in React</h1>
      <label>
        Study{" "}
        <select value={study} onChange={(event) => choose(event.target.value)}>
          <option value="skies.json">Skies</option>
          <option value="lines.json">First lines</option>
        </select>
      </label>
      <k-sort
        ref={widget}
        src={study}
        onk-sort-vote={({ detail }) => {
          console.log("vote", detail);
          setStandings(widget.current?.leaderboard() ?? []);
        }}
      />
      <ol>
        {standings.map(({ model, name, score, votes }) => (
          <li key={model}>{`${name}: ${score.toFixed(1)} (${votes} votes)`}</li>
        ))}
      </ol>
    </>
  );
}
