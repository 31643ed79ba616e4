-- The funnel: how many users of each segment did each kind of thing at all; segment 0 is the whole shop.
WITH did AS (
    SELECT user_id, unnest([CASE WHEN views > 0 THEN 'view' END, CASE WHEN searches > 0 THEN 'search' END,
                            CASE WHEN carts > 0 THEN 'cart' END, CASE WHEN favourites > 0 THEN 'favourite' END,
                            CASE WHEN purchases > 0 THEN 'purchase' END, CASE WHEN returns > 0 THEN 'return' END]) AS type
    FROM activity
),
sizes AS (
    SELECT coalesce(segment, 0) AS segment, count(*) AS users FROM members GROUP BY GROUPING SETS ((segment), ())
),
counted AS (
    SELECT coalesce(m.segment, 0) AS segment, d.type, count(*) AS users
    FROM did AS d JOIN members AS m ON m.user_id = d.user_id
    WHERE d.type IS NOT NULL
    GROUP BY GROUPING SETS ((m.segment, d.type), (d.type))
)
SELECT c.segment, c.type, c.users, 100.0 * c.users / s.users AS share
FROM counted AS c JOIN sizes AS s ON s.segment = c.segment
ORDER BY c.segment, c.type
