-- rule: bots
-- title: Bots | 机器人
-- Nobody does 600 things in an hour, hour after hour, and buys nothing: users, or devices without one, with two such hours.
WITH many AS (
    SELECT coalesce(person, device_id) AS who FROM rows GROUP BY 1 HAVING count(*) >= 1200
),
hours AS (
    SELECT coalesce(person, device_id) AS who, date_trunc('hour', ts) AS hour, count(*) AS events
    FROM rows
    WHERE coalesce(person, device_id) IN (SELECT who FROM many)
    GROUP BY 1, 2
),
busy AS (
    SELECT who FROM hours WHERE events >= 600 GROUP BY who HAVING count(*) >= 2
),
buyers AS (
    SELECT DISTINCT person AS who FROM rows WHERE type IN ('purchase', 'renewal') AND person IS NOT NULL
)
SELECT row_id
FROM rows
WHERE coalesce(person, device_id) IN (SELECT who FROM busy)
  AND coalesce(person, device_id) NOT IN (SELECT who FROM buyers)
