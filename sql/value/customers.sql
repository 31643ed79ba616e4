-- Purchase histories up to the day in `cut` and what the days after it held: a row for each customer who had bought by then.
-- Purchases of one day count once; what the first day brought tells nothing of repeat purchases.
WITH days AS (
    SELECT user_id, day, sum(amount) AS amount FROM sales WHERE type = 'purchase' GROUP BY user_id, day
),
firsts AS (
    SELECT user_id, min(day) AS first_day FROM days GROUP BY user_id
)
SELECT d.user_id, m.segment,
       count(CASE WHEN d.day > f.first_day AND d.day <= c.day THEN 1 END) AS frequency,
       max(CASE WHEN d.day <= c.day THEN d.day END) - f.first_day AS recency,
       c.day - f.first_day AS age,
       CAST(coalesce(sum(CASE WHEN d.day > f.first_day AND d.day <= c.day THEN d.amount END), 0) AS DOUBLE) AS repeat_amount,
       count(CASE WHEN d.day > c.day THEN 1 END) AS later,
       CAST(coalesce(sum(CASE WHEN d.day > c.day THEN d.amount END), 0) AS DOUBLE) AS later_amount
FROM days AS d
JOIN firsts AS f ON f.user_id = d.user_id
JOIN members AS m ON m.user_id = d.user_id
CROSS JOIN cut AS c
WHERE f.first_day <= c.day
GROUP BY d.user_id, m.segment, f.first_day, c.day
ORDER BY d.user_id
