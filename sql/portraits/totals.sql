-- Users, events and revenue of each segment; segment 0 is the whole shop.
WITH per_user AS (
    SELECT user_id, count(*) AS events FROM events GROUP BY user_id
),
bought AS (
    SELECT user_id, sum(amount) AS revenue FROM sales GROUP BY user_id
)
SELECT coalesce(m.segment, 0) AS segment,
       count(*) AS users,
       sum(e.events) AS events,
       count(b.revenue) AS buyers,
       CAST(sum(b.revenue) AS DOUBLE) AS revenue
FROM members AS m
JOIN per_user AS e ON e.user_id = m.user_id
LEFT JOIN bought AS b ON b.user_id = m.user_id
GROUP BY GROUPING SETS ((m.segment), ())
ORDER BY segment
