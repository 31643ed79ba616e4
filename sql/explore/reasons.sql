-- Why rows were kept aside over all ingests: the twenty most frequent reasons, each with the first five of its rows.
WITH counted AS (
    SELECT reason, count(*) AS rows FROM store.quarantine GROUP BY reason ORDER BY rows DESC, reason LIMIT 20
),
numbered AS (
    SELECT q.reason, c.rows, q.file, q.line, q.text,
           row_number() OVER (PARTITION BY q.reason ORDER BY q.ingest, q.file, q.line) AS place
    FROM store.quarantine AS q JOIN counted AS c ON c.reason = q.reason
)
SELECT reason, rows, file, line, text FROM numbered WHERE place <= 5 ORDER BY rows DESC, reason, place
