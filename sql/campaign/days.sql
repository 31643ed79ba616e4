-- The last day of the events read, and how many come before a day (?).
SELECT CAST(max(day) AS VARCHAR), CAST(count(CASE WHEN day < CAST(? AS DATE) THEN 1 END) AS BIGINT) FROM events
