-- The funnel: how many users of each segment did each kind of thing at all; segment 0 is the whole shop.
WITH did AS (
    SELECT DISTINCT user_id, type FROM events WHERE type IN ('view', 'search', 'cart', 'favourite', 'purchase', 'return')
),
sizes AS (
    SELECT coalesce(segment, 0) AS segment, count(*) AS users FROM members GROUP BY GROUPING SETS ((segment), ())
),
counted AS (
    SELECT coalesce(m.segment, 0) AS segment, d.type, count(*) AS users
    FROM did AS d JOIN members AS m ON m.user_id = d.user_id
    GROUP BY GROUPING SETS ((m.segment, d.type), (d.type))
)
SELECT c.segment, c.type, c.users, 100.0 * c.users / s.users AS share
FROM counted AS c JOIN sizes AS s ON s.segment = c.segment
ORDER BY c.segment, c.type
