-- Users by their segment in the run before (null: not in it) and in this one (null: no longer in it), with the revenue that
-- they had in each.
WITH revenue_before AS (
    SELECT user_id, CAST(value AS DECIMAL(18, 2)) AS revenue FROM before.feature_values WHERE feature = 'rfm.revenue'
),
revenue_now AS (
    SELECT user_id, CAST(value AS DECIMAL(18, 2)) AS revenue FROM run.feature_values WHERE feature = 'rfm.revenue'
)
SELECT b.segment AS was, m.segment AS is_now, count(*) AS users,
       CAST(coalesce(sum(rb.revenue), 0) AS DOUBLE) AS revenue_before, CAST(coalesce(sum(rn.revenue), 0) AS DOUBLE) AS revenue_now
FROM run.members AS m
FULL JOIN before.members AS b ON b.user_id = m.user_id
LEFT JOIN revenue_before AS rb ON rb.user_id = b.user_id
LEFT JOIN revenue_now AS rn ON rn.user_id = m.user_id
GROUP BY ALL
ORDER BY was NULLS LAST, is_now NULLS LAST
