-- Hours of the day: the share of each segment's events in each, against the whole shop's and everybody
-- else's.
WITH placed AS (
    SELECT m.segment, e.user_id, CAST(extract(hour FROM e.ts) AS INTEGER) AS hour
    FROM events AS e JOIN members AS m ON m.user_id = e.user_id
),
counted AS (
    SELECT segment, hour, count(*) AS events FROM placed GROUP BY segment, hour
),
-- Each user's hours are the bits of one number, so that no set of users is held for each hour.
marked AS (
    SELECT segment, user_id, bit_or(1 << hour) AS hours FROM placed GROUP BY segment, user_id
),
people AS (
    SELECT m.segment, h.hour, count(*) AS users
    FROM marked AS m JOIN (SELECT DISTINCT hour FROM counted) AS h ON (m.hours >> h.hour) & 1 = 1
    GROUP BY m.segment, h.hour
),
shares AS (
    SELECT segment, hour, events, sum(events) OVER (PARTITION BY segment) AS of_segment,
           CAST(sum(events) OVER (PARTITION BY hour) AS BIGINT) AS of_hour, sum(events) OVER () AS of_all
    FROM counted
)
SELECT s.segment, s.hour, p.users, 100.0 * s.events / s.of_segment AS share, 100.0 * s.of_hour / s.of_all AS population,
       100.0 * (s.of_hour - s.events) / nullif(s.of_all - s.of_segment, 0) AS others
FROM shares AS s JOIN people AS p ON p.segment = s.segment AND p.hour = s.hour
ORDER BY s.segment, s.hour
