-- What users bought within a week after a query, up to `cut.now` (looked at, where nobody bought anything): how many did so,
-- and how many searched for it. Two users at least; what one did is no pattern.
WITH asked AS (
    SELECT user_id, query_id, ts
    FROM events
    WHERE type = 'search' AND query_id IS NOT NULL AND ts < (SELECT now FROM cut)
),
bought AS (
    SELECT user_id, product_id, ts
    FROM events
    WHERE product_id IS NOT NULL AND ts < (SELECT now FROM cut)
      AND type = CASE WHEN (SELECT bool_or(type = 'purchase') FROM events) THEN 'purchase' ELSE 'view' END
),
searchers AS (
    SELECT query_id, count(DISTINCT user_id) AS users FROM asked GROUP BY query_id
)
SELECT a.query_id, b.product_id, count(DISTINCT a.user_id) AS users, max(s.users) AS searchers
FROM asked AS a
JOIN bought AS b ON b.user_id = a.user_id AND b.ts >= a.ts AND b.ts < a.ts + INTERVAL 7 DAY
JOIN searchers AS s ON s.query_id = a.query_id
GROUP BY a.query_id, b.product_id
HAVING count(DISTINCT a.user_id) >= 2
ORDER BY a.query_id, users DESC, b.product_id
