-- The latest ten queries of each user up to `cut.now`, the latest first.
WITH latest AS (
    SELECT user_id, query_id, max(ts) AS ts
    FROM events
    WHERE type = 'search' AND query_id IS NOT NULL AND ts < (SELECT now FROM cut)
    GROUP BY user_id, query_id
)
SELECT user_id, query_id
FROM (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY ts DESC, query_id) AS place FROM latest)
WHERE place <= 10
ORDER BY user_id, place
