-- The staged rows become the next generation, together with all that the last one held.
-- `prev` is the published generation (an empty one at first), `next` the one being made.

-- A row equal in all source columns to one read before, in this file or another, is a duplicate.
CREATE TABLE stage.fresh AS
SELECT r.*
FROM (
    SELECT *, row_number() OVER (PARTITION BY hash_high, hash_low ORDER BY position) AS copy
    FROM stage.rows
) AS r
WHERE r.copy = 1
  AND NOT EXISTS (
      SELECT 1 FROM prev.rows_seen AS s WHERE s.hash_high = r.hash_high AND s.hash_low = r.hash_low)
ORDER BY r.position;

INSERT INTO next.ingests SELECT * FROM prev.ingests ORDER BY ingest;
INSERT INTO next.ingests
SELECT n.ingest, n.ingested_at, n.files, n.preset,
       (SELECT count(*) FROM stage.rows),
       (SELECT count(*) FROM stage.fresh WHERE reason IS NULL),
       (SELECT count(*) FROM stage.rows) - (SELECT count(*) FROM stage.fresh),
       (SELECT count(*) FROM stage.fresh WHERE reason IS NOT NULL)
FROM stage.ingest AS n;

INSERT INTO next.users SELECT * FROM prev.users UNION ALL SELECT * FROM stage.users ORDER BY user_id;
INSERT INTO next.categories SELECT * FROM prev.categories UNION ALL SELECT * FROM stage.categories ORDER BY category_id;
INSERT INTO next.queries SELECT * FROM prev.queries UNION ALL SELECT * FROM stage.queries ORDER BY query_id;

-- A product keeps the first name and category that it came with.
INSERT INTO next.products
SELECT coalesce(p.product_id, s.product_id), coalesce(p.code, s.code),
       coalesce(p.name, s.name), coalesce(p.category_id, s.category_id)
FROM prev.products AS p FULL JOIN stage.products AS s ON p.product_id = s.product_id
ORDER BY 1;

INSERT INTO next.attributes
SELECT * FROM prev.attributes
UNION ALL
SELECT DISTINCT n.ingest, a.user_id, a.name, a.value
FROM stage.attributes AS a JOIN stage.fresh AS f ON f.position = a.position AND f.reason IS NULL, stage.ingest AS n
ORDER BY ALL;

INSERT INTO next.quarantine
SELECT * FROM prev.quarantine
UNION ALL
SELECT n.ingest, f.name, r.line, r.reason, r.text, r.text_hash
FROM stage.fresh AS r JOIN stage.files AS f ON f.file = r.file, stage.ingest AS n
WHERE r.reason IS NOT NULL
ORDER BY ingest, file, line;

INSERT INTO next.rows_seen
SELECT * FROM prev.rows_seen UNION ALL SELECT hash_high, hash_low FROM stage.fresh ORDER BY ALL;

CREATE TABLE next.events AS
SELECT * FROM prev.events
UNION ALL
SELECT n.ingest, r.position, r.user_id, make_timestamp(r.at_seconds * 1000000) AS ts, r.type, r.order_key,
       r.product_id,
       coalesce(r.category_id, p.category_id) AS category_id,
       (r.price_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4) AS price,
       (r.quantity_e3 * 0.001::DECIMAL(4, 3))::DECIMAL(18, 3) AS quantity,
       r.currency, r.query_id, r.session_key, r.source, r.country
FROM stage.fresh AS r LEFT JOIN next.products AS p ON p.product_id = r.product_id, stage.ingest AS n
WHERE r.reason IS NULL
ORDER BY user_id, ts, ingest, position;
