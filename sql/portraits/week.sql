-- The hours of the week (0 is Monday 0:00, 167 the last): events of each segment in each, and of how many users; segment
-- 0 is the whole shop. A user's events are counted first, so that no set of users is held for each hour.
WITH hours AS (
    SELECT user_id, CAST((extract(isodow FROM ts) - 1) * 24 + extract(hour FROM ts) AS INTEGER) AS hour, count(*) AS events
    FROM events
    GROUP BY ALL
)
SELECT coalesce(m.segment, 0) AS segment, h.hour, CAST(sum(h.events) AS BIGINT) AS events, count(*) AS users
FROM hours AS h JOIN members AS m ON m.user_id = h.user_id
GROUP BY GROUPING SETS ((m.segment, h.hour), (h.hour))
ORDER BY segment, h.hour
