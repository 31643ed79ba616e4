-- What became of a line of a file, in each ingest that read a file of that name: an event, a duplicate (of which line), or
-- a quarantined row (why).
WITH files AS (
    SELECT ingest, unnest(names) AS name, unnest(range(len(names))) AS file
    FROM (SELECT ingest, string_split(files, chr(10)) AS names FROM store.ingests)
),
places AS (
    SELECT e.row_id, f.name || ':' || e.line AS place
    FROM store.events AS e JOIN files AS f ON f.ingest = e.ingest AND f.file = e.file
    UNION ALL
    SELECT row_id, file || ':' || line FROM store.quarantine WHERE row_id IS NOT NULL
)
SELECT e.ingest, 'event' AS fate, e.row_id, CAST(NULL AS VARCHAR) AS why
FROM store.events AS e JOIN files AS f ON f.ingest = e.ingest AND f.file = e.file
WHERE f.name = ?1 AND e.line = ?2
UNION ALL
SELECT q.ingest, 'quarantined', q.row_id, q.reason FROM store.quarantine AS q WHERE q.file = ?1 AND q.line = ?2
UNION ALL
SELECT d.ingest, 'duplicate', d.row_id, p.place
FROM store.duplicates AS d LEFT JOIN places AS p ON p.row_id = d.of_row
WHERE d.file = ?1 AND d.line = ?2
ORDER BY 1, 3
