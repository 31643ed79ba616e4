-- Cohort retention: users by the month of their first purchase, and how many of them bought again so many months later.
-- Purchases of the whole period count, net of orders of which everything came back. Cohorts under min_support users
-- are not told, nor is a cell under it (null), and a month that the data has not seen to its end has no cell.
WITH bought AS (
    SELECT DISTINCT user_id, date_trunc('month', day) AS month FROM sales WHERE type = 'purchase'
),
firsts AS (
    SELECT user_id, min(month) AS cohort FROM bought GROUP BY user_id
),
last_whole AS (
    SELECT date_trunc('month', last_day + 1) - INTERVAL 1 MONTH AS month FROM period
),
sizes AS (
    SELECT cohort, count(*) AS users FROM firsts GROUP BY cohort HAVING count(*) >= (SELECT min_support FROM limits)
),
cells AS (
    SELECT s.cohort, s.users, CAST(date_diff('month', s.cohort, m.month) AS INTEGER) AS months, m.month
    FROM sizes AS s
    JOIN (SELECT DISTINCT month FROM bought) AS m ON m.month > s.cohort AND m.month <= (SELECT month FROM last_whole)
),
again AS (
    SELECT f.cohort, b.month, count(*) AS users
    FROM firsts AS f JOIN bought AS b ON b.user_id = f.user_id AND b.month > f.cohort
    GROUP BY f.cohort, b.month
)
SELECT strftime(s.cohort, '%Y-%m') AS cohort, s.users, c.months,
       CASE WHEN coalesce(a.users, 0) = 0 THEN 0
            WHEN a.users >= (SELECT min_support FROM limits) THEN a.users END AS again
FROM sizes AS s
LEFT JOIN cells AS c ON c.cohort = s.cohort
LEFT JOIN again AS a ON a.cohort = c.cohort AND a.month = c.month
ORDER BY s.cohort, c.months
