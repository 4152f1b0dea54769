-- For DuckDB: votes.jsonl, as `GET /api/votes` or a database gives it, into counted.jsonl, one record for all equal votes.
-- For the fits of `ksort rank`, `plackett-luce` and `bradley-terry`, which it spares most of the reading.
COPY (
  SELECT
    study,
    coalesce(criterion, 'overall') AS criterion,
    coalesce(protocol, 'rank') AS protocol,
    -- The models of one rank in order, so that equal rankings are written alike.
    list_transform(ranking, lambda tied: list_sort(tied)) AS ranking,
    count(*) AS weight
  FROM read_json(
    'votes.jsonl',
    format = 'newline_delimited',
    columns = {
      study: 'VARCHAR', criterion: 'VARCHAR', protocol: 'VARCHAR', trial: 'VARCHAR', outcome: 'VARCHAR', ranking: 'VARCHAR[][]'
    }
  )
  WHERE coalesce(outcome, 'ranked') = 'ranked' AND coalesce(trial, 'main') = 'main'
  GROUP BY ALL
) TO 'counted.jsonl' (FORMAT json);
