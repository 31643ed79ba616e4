-- Everything that a person did, as it is kept; orders and sessions are keyed hashes of the shop's numbers.
SELECT u.pseudonym AS "user", e.ts AS "at", e.type, e.status, p.code AS product, p.name, c.name AS category, e.price, e.quantity, e.total,
       e.discount, e.tax, e.shipping, e.refund, e.currency, q.query, e.order_key AS "order", e.order_line, e.session_key AS "session",
       e.source, e.country, e.ingest, e.line
FROM store.events AS e
LEFT JOIN store.users AS u ON u.user_id = coalesce(e.user_id, e.device_id)
LEFT JOIN store.products AS p ON p.product_id = e.product_id
LEFT JOIN store.categories AS c ON c.category_id = e.category_id
LEFT JOIN store.queries AS q ON q.query_id = e.query_id
WHERE e.user_id IN (SELECT user_id FROM person) OR e.device_id IN (SELECT user_id FROM person)
ORDER BY e.ts, e.row_id
