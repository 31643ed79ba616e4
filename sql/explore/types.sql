-- Events by type, the most frequent first.
SELECT type, count(*) AS events FROM store.events GROUP BY type ORDER BY events DESC, type
