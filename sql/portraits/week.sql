-- The hours of the week (0 is Monday 0:00, 167 the last): events of each segment in each, and of how many users; segment
-- 0 is the whole shop.
SELECT coalesce(segment, 0) AS segment, (weekday - 1) * 24 + hour AS hour, CAST(sum(events) AS BIGINT) AS events,
       CAST(sum(users) AS BIGINT) AS users
FROM clock
GROUP BY GROUPING SETS ((segment, weekday, hour), (weekday, hour))
ORDER BY 1, 2
