-- Sales in a currency that has no rate on their day: each such currency, its sales and the first day.
SELECT e.currency, count(*) AS lines, CAST(min(CAST(e.ts AS DATE)) AS VARCHAR) AS first_day
FROM store.events AS e
JOIN day_rates AS d ON d.currency = e.currency AND d.day = CAST(e.ts AS DATE) AND d.rate IS NULL
WHERE e.type IN ('purchase', 'return', 'renewal') AND e.ingest <= (SELECT ingest FROM up_to)
GROUP BY e.currency
ORDER BY e.currency
