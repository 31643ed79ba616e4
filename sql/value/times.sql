-- The hour and the weekday (1 is Monday) in which most happens, of each user or each segment ({whose}), the earlier of
-- equals; no hour where the data has no time of day. Fewer than five events tell nothing.
WITH counted AS (
    SELECT {whose} AS whose, CAST(extract(hour FROM e.ts) AS INTEGER) AS hour,
           CAST(extract(isodow FROM e.ts) AS INTEGER) AS weekday, count(*) AS events
    FROM events AS e JOIN members AS m ON m.user_id = e.user_id
    GROUP BY 1, 2, 3
),
both_ways AS (
    SELECT whose, 1 AS kind, hour AS value, sum(events) AS events FROM counted GROUP BY whose, hour
    UNION ALL
    SELECT whose, 2, weekday, sum(events) FROM counted GROUP BY whose, weekday
),
ranked AS (
    SELECT whose, kind, value, sum(events) OVER (PARTITION BY whose, kind) AS events,
           row_number() OVER (PARTITION BY whose, kind ORDER BY events DESC, value) AS place
    FROM both_ways
)
SELECT whose,
       max(CASE WHEN kind = 1 AND (SELECT bool_or(CAST(ts AS TIME) <> TIME '00:00:00') FROM events) THEN value END) AS hour,
       max(CASE WHEN kind = 2 THEN value END) AS weekday
FROM ranked
WHERE place = 1 AND events >= 5
GROUP BY whose
ORDER BY whose
