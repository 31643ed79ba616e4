-- Days of the week (1 is Monday): the share of each segment's events in each, against the whole shop's and everybody
-- else's.
WITH counted AS (
    SELECT coalesce(m.segment, 0) AS segment, CAST(extract(isodow FROM e.ts) AS INTEGER) AS weekday,
           count(*) AS events, count(DISTINCT e.user_id) AS users
    FROM events AS e JOIN members AS m ON m.user_id = e.user_id
    GROUP BY GROUPING SETS ((m.segment, CAST(extract(isodow FROM e.ts) AS INTEGER)), (CAST(extract(isodow FROM e.ts) AS INTEGER)))
),
shares AS (
    SELECT *, sum(events) OVER (PARTITION BY segment) AS of_all FROM counted
)
SELECT s.segment, s.weekday, s.users, 100.0 * s.events / s.of_all AS share, 100.0 * shop.events / shop.of_all AS population,
       100.0 * (shop.events - s.events) / nullif(shop.of_all - s.of_all, 0) AS others
FROM shares AS s JOIN shares AS shop ON shop.segment = 0 AND shop.weekday = s.weekday
WHERE s.segment > 0
ORDER BY s.segment, s.weekday
