-- Hours of the day: the share of each segment's events in each, against the whole shop's and everybody
-- else's.
WITH counted AS (
    SELECT segment, hour, CAST(sum(events) AS BIGINT) AS events, CAST(sum(hour_users) AS BIGINT) AS users
    FROM clock
    GROUP BY segment, hour
),
shares AS (
    SELECT segment, hour, events, users, sum(events) OVER (PARTITION BY segment) AS of_segment,
           CAST(sum(events) OVER (PARTITION BY hour) AS BIGINT) AS of_hour, sum(events) OVER () AS of_all
    FROM counted
)
SELECT segment, hour, users, 100.0 * events / of_segment AS share, 100.0 * of_hour / of_all AS population,
       100.0 * (of_hour - events) / nullif(of_all - of_segment, 0) AS others
FROM shares
ORDER BY segment, hour
