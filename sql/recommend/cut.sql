-- From when on events are known, up to when (not with it), and up to when what came after is looked at; in seconds after the
-- first event.
CREATE OR REPLACE TEMP TABLE cut AS
SELECT min(ts) AS start, min(ts) + INTERVAL 1 SECOND * {now} AS now, min(ts) + INTERVAL 1 SECOND * {until} AS until
FROM events
