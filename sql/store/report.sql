-- What the last ingest of the generation in the making brought.
SELECT rows_read, events, duplicates, quarantined FROM next.ingests ORDER BY ingest DESC LIMIT 1
