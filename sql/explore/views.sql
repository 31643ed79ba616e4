-- What the prompt shows of the event store under plain names: codes, names and pseudonyms in place of keys. Rows stand as
-- they were read, before any rule leaves one out and each in its own currency; a user who is another by now is that other,
-- by the aliases up to the last ingest that counts. Whoever is kept and not used is in none of them, but stands in the
-- store's own tables as everybody does.

-- Out of the way of whoever lists the tables.
CREATE SCHEMA aside;
CREATE TABLE aside.merged AS SELECT old_id, new_id FROM merged;
CREATE TABLE aside.restricted AS SELECT user_id FROM restricted;
DROP TABLE merged;
DROP TABLE restricted;
DROP TABLE up_to;

-- Of a product in the catalogue the last line read, of others what the events say.
CREATE VIEW products AS
SELECT p.code AS product, coalesce(c.name, p.name) AS name, k.name AS category, c.brand, c.price, c.currency, c.stock, c.url
FROM store.products AS p
LEFT JOIN (
    SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY ingest DESC) AS place FROM store.catalogue
) AS c ON c.product_id = p.product_id AND c.place = 1
LEFT JOIN store.categories AS k ON k.category_id = coalesce(c.category_id, p.category_id);

-- `amount` is price times quantity, or the row's total where it has no price; of a return it is negative.
CREATE VIEW events AS
SELECT e.ts AS time, u.pseudonym AS "user", e.type, p.code AS product, p.name, k.name AS category, q.query, e.quantity,
       e.price,
       CASE WHEN e.type = 'return' THEN -1 ELSE 1 END
           * TRY_CAST(coalesce(e.price * coalesce(e.quantity, 1), e.total) AS DECIMAL(18, 4)) AS amount,
       e.discount, e.tax, e.shipping, e.refund, e.currency, e.status, e.order_key, e.session_key, e.source, e.country,
       d.pseudonym AS device, a.pseudonym AS account, e.ingest
FROM store.events AS e
LEFT JOIN aside.merged AS m ON m.old_id = e.user_id
LEFT JOIN store.users AS u ON u.user_id = coalesce(m.new_id, e.user_id)
LEFT JOIN store.users AS d ON d.user_id = e.device_id
LEFT JOIN store.users AS a ON a.user_id = e.account_id
LEFT JOIN store.products AS p ON p.product_id = e.product_id
LEFT JOIN store.categories AS k ON k.category_id = e.category_id
LEFT JOIN store.queries AS q ON q.query_id = e.query_id
WHERE (e.user_id IS NULL OR e.user_id NOT IN (FROM aside.restricted))
  AND (e.device_id IS NULL OR e.device_id NOT IN (FROM aside.restricted));

CREATE VIEW users AS
SELECT u.pseudonym AS "user", e.events, e.purchases, e.first_time, e.last_time
FROM (
    SELECT coalesce(m.new_id, e.user_id) AS user_id, count(*) AS events,
           count(CASE WHEN e.type = 'purchase' THEN 1 END) AS purchases, min(e.ts) AS first_time, max(e.ts) AS last_time
    FROM store.events AS e LEFT JOIN aside.merged AS m ON m.old_id = e.user_id
    WHERE e.user_id IS NOT NULL AND e.user_id NOT IN (FROM aside.restricted)
    GROUP BY ALL
) AS e
JOIN store.users AS u ON u.user_id = e.user_id;

CREATE VIEW ingests AS
SELECT ingest, ingested_at, files, preset, rows_read, events, duplicates, quarantined FROM store.ingests;

CREATE VIEW quarantine AS SELECT ingest, file, line, reason, text FROM store.quarantine;
