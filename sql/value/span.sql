-- The last day that counts, and the days from the first purchase to it; no row where nobody bought.
SELECT CAST(p.last_day AS VARCHAR), CAST(p.last_day - min(s.day) AS INTEGER)
FROM period AS p CROSS JOIN sales AS s
WHERE s.type = 'purchase'
GROUP BY p.last_day
