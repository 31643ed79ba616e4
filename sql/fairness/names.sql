-- Attributes that were kept for audits.
SELECT DISTINCT name FROM store.attributes WHERE ingest <= (SELECT ingest FROM up_to) ORDER BY name
