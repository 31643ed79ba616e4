-- Where the data comes from: each ingest with its files.
SELECT ingested_at, files, rows_read, events FROM store.ingests ORDER BY ingest
