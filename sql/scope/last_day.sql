-- The day that the data ends on. At most one row in a thousand that comes more than 30 days after all others is a slip
-- of somebody's clock, and does not move it: the day, the rows after it, and their last day.
WITH days AS (
    SELECT day, count(*) AS n FROM rows GROUP BY day
),
around AS (
    SELECT day, lead(day) OVER (ORDER BY day) - day AS gap,
           sum(n) OVER (ORDER BY day DESC) - n AS later, sum(n) OVER () AS total
    FROM days
),
ends AS (
    SELECT day, later, row_number() OVER (ORDER BY day) AS place
    FROM around
    WHERE gap IS NULL OR gap > 30 AND later * 1000 <= total
)
SELECT CAST(day AS VARCHAR), CAST(later AS BIGINT), CAST((SELECT max(day) FROM days) AS VARCHAR) FROM ends WHERE place = 1
