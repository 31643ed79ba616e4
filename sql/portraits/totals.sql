-- Users, events and revenue of each segment, and how much of the latter two the greatest single user brings, in per
-- cent; segment 0 is the whole shop.
WITH bought AS (
    SELECT user_id, sum(amount) AS revenue FROM sales GROUP BY user_id
)
SELECT coalesce(m.segment, 0) AS segment,
       count(*) AS users,
       coalesce(sum(e.events), 0) AS events,
       count(b.revenue) AS buyers,
       CAST(sum(b.revenue) AS DOUBLE) AS revenue,
       100.0 * max(e.events) / nullif(sum(e.events), 0) AS largest_share_of_events,
       100.0 * CAST(max(abs(b.revenue)) AS DOUBLE) / nullif(CAST(sum(abs(b.revenue)) AS DOUBLE), 0)
           AS largest_share_of_revenue
FROM members AS m
LEFT JOIN activity AS e ON e.user_id = m.user_id
LEFT JOIN bought AS b ON b.user_id = m.user_id
GROUP BY GROUPING SETS ((m.segment), ())
ORDER BY segment
