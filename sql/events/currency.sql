-- Currencies of the sales, the most frequent first.
SELECT currency, count(*) AS lines
FROM events
WHERE type IN ('purchase', 'return') AND currency IS NOT NULL
GROUP BY currency
ORDER BY lines DESC, currency
