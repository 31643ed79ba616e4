-- Days of the week (1 is Monday): the share of each segment's events in each, against the whole shop's and everybody
-- else's.
WITH counted AS (
    SELECT segment, weekday, CAST(sum(events) AS BIGINT) AS events, CAST(sum(weekday_users) AS BIGINT) AS users
    FROM clock
    GROUP BY segment, weekday
),
shares AS (
    SELECT segment, weekday, events, users, sum(events) OVER (PARTITION BY segment) AS of_segment,
           CAST(sum(events) OVER (PARTITION BY weekday) AS BIGINT) AS of_day, sum(events) OVER () AS of_all
    FROM counted
)
SELECT segment, weekday, users, 100.0 * events / of_segment AS share, 100.0 * of_day / of_all AS population,
       100.0 * (of_day - events) / nullif(of_all - of_segment, 0) AS others
FROM shares
ORDER BY segment, weekday
