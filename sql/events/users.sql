-- Every user of the run with the activity that decides whether the geometry can place them:
-- a buyer is never inactive.
SELECT user_id, sum(events) AS events, sum(purchases) AS purchases
FROM (
    SELECT user_id, events, purchases FROM activity
    UNION ALL
    SELECT user_id, 0, count(*) FROM sales WHERE type = 'renewal' GROUP BY user_id
)
GROUP BY user_id
ORDER BY user_id
