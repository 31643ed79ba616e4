-- A user that a person said to be another, through as many steps as it takes; the last word about a user counts.
CREATE TEMP TABLE merged AS
WITH RECURSIVE
latest AS (
    SELECT old_id, new_id
    FROM (
        SELECT old_id, new_id, row_number() OVER (PARTITION BY old_id ORDER BY ingest DESC, new_id) AS place
        FROM store.aliases
        WHERE ingest <= (SELECT ingest FROM up_to)
    )
    WHERE place = 1
),
steps AS (
    SELECT old_id, new_id, 1 AS step FROM latest
    UNION ALL
    SELECT s.old_id, l.new_id, s.step + 1
    FROM steps AS s JOIN latest AS l ON l.old_id = s.new_id
    WHERE l.new_id <> s.old_id AND s.step < 100
)
SELECT old_id, new_id
FROM (SELECT old_id, new_id, row_number() OVER (PARTITION BY old_id ORDER BY step DESC) AS place FROM steps)
WHERE place = 1;
