-- Why rows of the last ingest were quarantined, the most frequent reason first.
SELECT reason, count(*) AS rows
FROM next.quarantine
WHERE ingest = (SELECT max(ingest) FROM next.ingests)
GROUP BY reason
ORDER BY rows DESC, reason
LIMIT 20
