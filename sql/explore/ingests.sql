-- The ingests, the newest first; `files` holds a name a line.
SELECT ingest, ingested_at, files, preset, rows_read, events, duplicates, quarantined FROM store.ingests ORDER BY ingest DESC
