-- Days of the week (1 is Monday): the share of each segment's events in each, against the whole shop's and everybody
-- else's.
WITH placed AS (
    SELECT m.segment, e.user_id, CAST(extract(isodow FROM e.ts) AS INTEGER) AS weekday
    FROM events AS e JOIN members AS m ON m.user_id = e.user_id
),
counted AS (
    SELECT segment, weekday, count(*) AS events FROM placed GROUP BY segment, weekday
),
-- Each user's days are the bits of one number, so that no set of users is held for each day.
marked AS (
    SELECT segment, user_id, bit_or(1 << weekday) AS days FROM placed GROUP BY segment, user_id
),
people AS (
    SELECT m.segment, w.weekday, count(*) AS users
    FROM marked AS m JOIN (SELECT DISTINCT weekday FROM counted) AS w ON (m.days >> w.weekday) & 1 = 1
    GROUP BY m.segment, w.weekday
),
shares AS (
    SELECT segment, weekday, events, sum(events) OVER (PARTITION BY segment) AS of_segment,
           CAST(sum(events) OVER (PARTITION BY weekday) AS BIGINT) AS of_day, sum(events) OVER () AS of_all
    FROM counted
)
SELECT s.segment, s.weekday, p.users, 100.0 * s.events / s.of_segment AS share, 100.0 * s.of_day / s.of_all AS population,
       100.0 * (s.of_day - s.events) / nullif(s.of_all - s.of_segment, 0) AS others
FROM shares AS s JOIN people AS p ON p.segment = s.segment AND p.weekday = s.weekday
ORDER BY s.segment, s.weekday
