-- K-Sort's votes in PostgreSQL behind PostgREST, as in Supabase: the public adds votes and reads nothing.
-- Supabase: paste into the SQL editor. Elsewhere: run as the owner of the schema; `anon` is PostgREST's db-anon-role.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'anon') THEN
    CREATE ROLE anon NOLOGIN;
  END IF;
END $$;

-- A list of lists of models, none of them there twice.
CREATE FUNCTION is_ranking(ranking jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(
    jsonb_typeof(ranking) = 'array' AND ranking <> '[]'
    AND NOT ranking @? 'strict $[*] ? (@.type() != "array" || @.size() == 0)'
    AND NOT ranking @? 'strict $[*][*] ? (@.type() != "string")'
    AND (SELECT count(*) = count(DISTINCT model) FROM jsonb_path_query(ranking, 'strict $[*][*]', '{}', true) AS model),
    false)
$$;

-- `json` keeps a record as it was sent, to the letter. What queries need of it stands in columns of its own.
CREATE TABLE votes (
  cursor bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  record json NOT NULL CHECK (
    json_typeof(record) = 'object' AND (record ->> 'id') IS NOT DISTINCT FROM id AND record ->> 'weight' IS NULL
    AND octet_length(record::text) <= 65536
    AND (coalesce(record ->> 'outcome', 'ranked') <> 'ranked' OR is_ranking((record ->> 'ranking')::jsonb))
  ),
  study text NOT NULL GENERATED ALWAYS AS (record ->> 'study') STORED,
  rater text GENERATED ALWAYS AS (record ->> 'rater') STORED,
  session text GENERATED ALWAYS AS (record ->> 'session') STORED,
  criterion text NOT NULL GENERATED ALWAYS AS (coalesce(record ->> 'criterion', 'overall')) STORED,
  submitted_at text GENERATED ALWAYS AS (record ->> 'submitted_at') STORED,
  received timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX votes_of_study ON votes (study, cursor);

-- Counting, for `ksort rank` -------------------------------------------------------------------------------------------------

-- A ranking with the models of each rank in order, so that equal rankings are written alike.
CREATE FUNCTION in_order(ranking jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_agg((SELECT jsonb_agg(model ORDER BY model) FROM jsonb_array_elements(tied) AS model) ORDER BY rank)
  FROM jsonb_array_elements(ranking) WITH ORDINALITY AS ranks (tied, rank)
$$;

-- One row for all equal votes of a study, with their number as weight. For the fits, `plackett-luce` and `bradley-terry`.
-- Equal texts are counted first: there are few of them, and putting them in order takes longer than counting.
CREATE VIEW counted_votes AS
WITH texts AS (
  SELECT study, criterion, coalesce(protocol, 'rank') AS protocol, ranking, count(*) AS votes
  FROM votes, json_to_record(record) AS said (protocol text, trial text, outcome text, ranking text)
  WHERE coalesce(outcome, 'ranked') = 'ranked' AND coalesce(trial, 'main') = 'main'
  GROUP BY 1, 2, 3, 4
), counts AS (
  SELECT study, criterion, protocol, in_order(ranking::jsonb) AS ranking, sum(votes) AS weight FROM texts GROUP BY 1, 2, 3, 4
)
SELECT study, criterion, json_build_object('study', study, 'criterion', criterion, 'protocol', protocol,
  'ranking', ranking, 'weight', weight) AS record
FROM counts;

-- What the public may --------------------------------------------------------------------------------------------------------

ALTER TABLE votes ENABLE ROW LEVEL SECURITY;
-- Supabase grants everything on what is new to its roles, also to `authenticated`, which whoever signs up is. It is taken back
-- from all that row security binds. A view is not bound: whoever may use it does so with its owner's rights.
REVOKE ALL ON votes, counted_votes FROM PUBLIC;
DO $$
DECLARE
  other name;
BEGIN
  FOR other IN SELECT rolname FROM pg_roles WHERE NOT rolbypassrls AND rolname <> current_user LOOP
    EXECUTE format('REVOKE ALL ON votes, counted_votes FROM %I', other);
  END LOOP;
END $$;

GRANT INSERT (id, record) ON votes TO anon;
CREATE POLICY add_votes ON votes FOR INSERT TO anon WITH CHECK (true);

-- To tell that a vote is there already, `ON CONFLICT (id) DO NOTHING` needs to read the id. This lets it, in a request that
-- adds votes to this table and in no other. Such a request gets no more than the ids that it has added.
GRANT SELECT (id) ON votes TO anon;
CREATE POLICY repeat_votes ON votes FOR SELECT TO anon USING (
  current_setting('request.method', true) = 'POST' AND current_setting('request.path', true) LIKE '%/votes'
);

-- Optional: pages read votes back --------------------------------------------------------------------------------------------
-- Run this part where the study has "pull": {"url": ".../shared_votes"}. Whoever finds the URL can then read every ranking:
-- without raters, comments and times, as the view leaves them out.

-- A reader goes on after the last cursor that it saw. So cursors must come in sight in their order: whoever adds votes waits
-- until those before have come in, or have not.
CREATE FUNCTION in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(TG_RELID::bigint);
  RETURN NULL;
END $$;
CREATE TRIGGER votes_in_turn BEFORE INSERT ON votes FOR EACH STATEMENT EXECUTE FUNCTION in_turn();

-- Of votes and a row of nothing: through a view of one table alone PostgreSQL lets rows be changed and removed.
CREATE VIEW shared_votes AS
SELECT cursor, study, json_build_object('id', id, 'study', study, 'criterion', criterion, 'item', record -> 'item',
  'trial', record -> 'trial', 'protocol', record -> 'protocol', 'outcome', record -> 'outcome',
  'shown', record -> 'shown', 'ranking', record -> 'ranking') AS record
FROM votes, (SELECT 1) AS nothing;
REVOKE ALL ON shared_votes FROM PUBLIC;
DO $$
DECLARE
  other name;
BEGIN
  FOR other IN SELECT rolname FROM pg_roles WHERE NOT rolbypassrls AND rolname <> current_user LOOP
    EXECUTE format('REVOKE ALL ON shared_votes FROM %I', other);
  END LOOP;
END $$;
GRANT SELECT ON shared_votes TO anon;
