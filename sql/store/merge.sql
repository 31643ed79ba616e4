-- The staged rows become the next generation, together with all that the last one held.
-- `prev` is the published generation (an empty one at first), `next` the one being made.

-- A row equal in all source columns to one read before, in this file or another, is a duplicate.
-- Only the hashes are sorted out: the rows themselves are read once more, and written once, as events.
CREATE TABLE stage.repeated AS
SELECT hash_high, hash_low, min(position) AS first_position
FROM stage.rows
GROUP BY hash_high, hash_low
HAVING count(*) > 1;

CREATE TABLE stage.copies AS
SELECT r.position,
       coalesce(s.row_id, CASE WHEN r.position > f.first_position
                               THEN CAST(n.ingest AS BIGINT) * 1099511627776 + f.first_position END) AS of_row
FROM (SELECT position, hash_high, hash_low FROM stage.rows) AS r
CROSS JOIN stage.ingest AS n
LEFT JOIN stage.repeated AS f ON f.hash_high = r.hash_high AND f.hash_low = r.hash_low
LEFT JOIN prev.rows_seen AS s ON s.hash_high = r.hash_high AND s.hash_low = r.hash_low
WHERE s.hash_high IS NOT NULL OR r.position > f.first_position;

CREATE VIEW stage.fresh AS
SELECT CAST(n.ingest AS BIGINT) * 1099511627776 + r.position AS row_id, n.ingest, r.*
FROM stage.rows AS r CROSS JOIN stage.ingest AS n
WHERE NOT EXISTS (SELECT 1 FROM stage.copies AS c WHERE c.position = r.position);

INSERT INTO next.ingests SELECT * FROM prev.ingests ORDER BY ingest;
INSERT INTO next.ingests
SELECT n.ingest, n.ingested_at, n.files, n.preset,
       (SELECT count(*) FROM stage.rows),
       (SELECT count(*) FROM stage.fresh WHERE reason IS NULL),
       (SELECT count(DISTINCT position) FROM stage.copies),
       (SELECT count(*) FROM stage.fresh WHERE reason IS NOT NULL)
FROM stage.ingest AS n;

INSERT INTO next.meta
SELECT 'unit_column', name
FROM (
    SELECT name, 0 AS age FROM stage.units
    UNION ALL
    SELECT value, 1 FROM prev.meta WHERE name = 'unit_column'
)
ORDER BY age
LIMIT 1;

INSERT INTO next.users SELECT * FROM prev.users UNION ALL SELECT * FROM stage.users ORDER BY user_id;
INSERT INTO next.categories SELECT * FROM prev.categories UNION ALL SELECT * FROM stage.categories ORDER BY category_id;
INSERT INTO next.queries SELECT * FROM prev.queries UNION ALL SELECT * FROM stage.queries ORDER BY query_id;

-- A product keeps the name and category of the ingest that it first came with.
INSERT INTO next.products
SELECT coalesce(p.product_id, s.product_id), coalesce(p.code, s.code),
       coalesce(p.name, s.name), coalesce(p.category_id, s.category_id)
FROM prev.products AS p FULL JOIN stage.products AS s ON p.product_id = s.product_id
ORDER BY 1;

INSERT INTO next.attributes
SELECT * FROM prev.attributes
UNION ALL
SELECT DISTINCT f.ingest, a.user_id, a.name, a.value
FROM stage.attributes AS a JOIN stage.fresh AS f ON f.position = a.position AND f.reason IS NULL
UNION ALL
SELECT DISTINCT n.ingest, k.user_id, k.name, k.value FROM stage.kept AS k, stage.ingest AS n
ORDER BY ALL;

INSERT INTO next.aliases
SELECT * FROM prev.aliases UNION ALL SELECT DISTINCT n.ingest, a.* FROM stage.aliases AS a, stage.ingest AS n ORDER BY ALL;

INSERT INTO next.excluded_users
SELECT * FROM prev.excluded_users
UNION ALL
SELECT DISTINCT n.ingest, x.user_id FROM stage.excluded_users AS x, stage.ingest AS n
ORDER BY ALL;

INSERT INTO next.rates
SELECT * FROM prev.rates UNION ALL SELECT DISTINCT n.ingest, r.* FROM stage.rates AS r, stage.ingest AS n ORDER BY ALL;

INSERT INTO next.catalogue
SELECT * FROM prev.catalogue
UNION ALL
SELECT n.ingest, l.product_id, l.name, l.brand, l.category_id,
       (l.price_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4), l.currency,
       (l.stock_e3 * 0.001::DECIMAL(4, 3))::DECIMAL(18, 3), l.url, l.attributes
FROM stage.listings AS l, stage.ingest AS n
ORDER BY ALL;

INSERT INTO next.people
SELECT * FROM prev.people UNION ALL SELECT n.ingest, p.* FROM stage.people AS p, stage.ingest AS n ORDER BY ALL;

INSERT INTO next.consents
SELECT * FROM prev.consents UNION ALL SELECT DISTINCT n.ingest, c.* FROM stage.consents AS c, stage.ingest AS n ORDER BY ALL;

INSERT INTO next.opt_outs
SELECT * FROM prev.opt_outs UNION ALL SELECT DISTINCT n.ingest, o.* FROM stage.opt_outs AS o, stage.ingest AS n ORDER BY ALL;

INSERT INTO next.quarantine
SELECT * FROM prev.quarantine
UNION ALL
SELECT r.row_id, r.ingest, f.name, r.line, r.reason, r.text, r.text_hash
FROM stage.fresh AS r JOIN stage.files AS f ON f.file = r.file
WHERE r.reason IS NOT NULL
ORDER BY ingest, file, line;

INSERT INTO next.duplicates
SELECT * FROM prev.duplicates
UNION ALL
SELECT CAST(n.ingest AS BIGINT) * 1099511627776 + r.position AS row_id, n.ingest, f.name, r.line, c.of_row
FROM stage.copies AS c
CROSS JOIN stage.ingest AS n
JOIN stage.rows AS r ON r.position = c.position
JOIN stage.files AS f ON f.file = r.file
ORDER BY row_id;

-- Of a row of a person who was forgotten not even its hash is kept.
INSERT INTO next.rows_seen
SELECT * FROM prev.rows_seen
UNION ALL
SELECT hash_high, hash_low, row_id FROM stage.fresh WHERE reason IS DISTINCT FROM 'the person was forgotten';

CREATE TABLE next.events AS
SELECT * FROM prev.events
UNION ALL
SELECT r.row_id, r.ingest, r.file, r.line, r.user_id, r.account_id, r.device_id, r.unit_id,
       make_timestamp(r.at_seconds * 1000000) AS ts, r.type, r.status, r.order_key, r.order_line, r.product_id,
       coalesce(r.category_id, p.category_id) AS category_id,
       (r.price_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4) AS price,
       (r.quantity_e3 * 0.001::DECIMAL(4, 3))::DECIMAL(18, 3) AS quantity,
       (r.total_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4) AS total,
       (r.discount_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4) AS discount,
       (r.tax_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4) AS tax,
       (r.shipping_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4) AS shipping,
       (r.refund_e4 * 0.0001::DECIMAL(5, 4))::DECIMAL(18, 4) AS refund,
       r.currency, r.query_id, r.session_key, r.source, r.country
FROM stage.fresh AS r LEFT JOIN next.products AS p ON p.product_id = r.product_id
WHERE r.reason IS NULL
ORDER BY user_id, ts, row_id;
