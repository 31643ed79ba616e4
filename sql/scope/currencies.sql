-- Currencies of the sales, the most frequent first, and whether a rate file prices them.
SELECT e.currency, count(*) AS lines,
       e.currency IN (SELECT currency FROM store.rates WHERE ingest <= (SELECT ingest FROM up_to)) AS has_rate
FROM store.events AS e
WHERE e.type IN ('purchase', 'return', 'renewal') AND e.currency IS NOT NULL
  AND e.ingest <= (SELECT ingest FROM up_to)
GROUP BY e.currency
ORDER BY lines DESC, e.currency
