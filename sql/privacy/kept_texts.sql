-- Texts of the event store that people may have typed: search texts, names of products as events told them, columns kept
-- for audits, and rows that were set aside.
SELECT query FROM store.queries
UNION ALL
SELECT name FROM store.products WHERE name IS NOT NULL
UNION ALL
SELECT DISTINCT value FROM store.attributes
UNION ALL
SELECT text FROM store.quarantine WHERE text IS NOT NULL
