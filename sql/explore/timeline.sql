-- What a user (?1) did up to the run's last ingest, the latest first, at most ?2 rows; before any rule leaves one out, in
-- the run's currency. Only rows that say what was paid or given back have an amount. `{whose}` is the column of what the run
-- segments: the view's own `unit` is decided row by row, which takes a hundred times as long.
SELECT strftime(r.ts, '%Y-%m-%d %H:%M') AS at, r.type, coalesce(p.name, p.code, q.query, '') AS what,
       coalesce(c.name, '') AS category,
       CAST(CASE WHEN r.gross IS NULL AND r.refund = 0 THEN NULL
                 WHEN r.type IN ('purchase', 'renewal') THEN r.amount
                 WHEN r.type IN ('return', 'discount') THEN -r.amount END AS DOUBLE) AS amount
FROM rows AS r
LEFT JOIN products AS p ON p.product_id = r.product_id
LEFT JOIN queries AS q ON q.query_id = r.query_id
LEFT JOIN categories AS c ON c.category_id = r.category_id
WHERE r.{whose} = ?1
ORDER BY r.ts DESC, r.row_id DESC
LIMIT ?2
