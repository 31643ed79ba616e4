-- What feature and portrait SQL reads: the events up to the run's last ingest, cleaned.
-- `store` is the event store; `up_to` holds the number of the last ingest that counts.

CREATE TEMP VIEW events AS
SELECT user_id, ts, CAST(ts AS DATE) AS day, type, order_key, product_id, category_id, price,
       coalesce(quantity, 1) AS quantity, currency, query_id, session_key, source, country
FROM store.events
WHERE ingest <= (SELECT ingest FROM up_to);

CREATE TEMP VIEW products AS SELECT * FROM store.products;
CREATE TEMP VIEW categories AS SELECT * FROM store.categories;
CREATE TEMP VIEW queries AS SELECT * FROM store.queries;

-- Lines bought and sent back. An order is the shop's own; where it names none, all that a user buys in one
-- session, or else on one day, is one order. Revenue counts returns as negative.
CREATE TEMP VIEW sales AS
SELECT user_id, ts, day, type, product_id, category_id, price, quantity,
       coalesce(order_key, session_key, day - DATE '1970-01-01') AS order_key,
       CASE WHEN type = 'return' THEN -price * quantity ELSE price * quantity END AS amount
FROM events
WHERE type IN ('purchase', 'return');

-- The last day of the data: what recency counts from.
CREATE TEMP TABLE period AS SELECT min(day) AS first_day, max(day) AS last_day FROM events;
