-- Events of the users from one to another, user by user, with what they may be their user's first with; the hour of the week
-- from Monday 0:00.
SELECT e.place, CAST(e.unit AS INTEGER) AS unit, CAST(e.product_id AS INTEGER) AS product_id,
       CAST(e.category_id AS INTEGER) AS category_id, CAST(e.query_id AS INTEGER) AS query_id,
       CAST(e.day - p.first_day AS INTEGER) AS day,
       CAST((extract(isodow FROM e.ts) - 1) * 24 + extract(hour FROM e.ts) AS INTEGER) AS week_hour,
       CAST(e.session_key AS BIGINT) AS session_key
FROM placed AS e CROSS JOIN period AS p
WHERE e.unit >= ?1 AND e.unit < ?2
ORDER BY e.unit
