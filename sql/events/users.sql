-- Every user of the run with the activity that decides whether the geometry can place them:
-- a buyer is never inactive.
SELECT user_id, count(*) AS events, count(CASE WHEN type = 'purchase' THEN 1 END) AS purchases
FROM events
GROUP BY user_id
ORDER BY user_id
