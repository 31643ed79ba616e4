-- Counts of all rows read up to the run's last ingest.
SELECT CAST(sum(rows_read) AS BIGINT), CAST(sum(events) AS BIGINT), CAST(sum(duplicates) AS BIGINT), CAST(sum(quarantined) AS BIGINT)
FROM store.ingests
WHERE ingest <= (SELECT ingest FROM up_to)
