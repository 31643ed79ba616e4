-- The staged rows become the next generation, together with all that the last one held.
-- `prev` is the published generation (an empty one at first), `next` the one being made.

-- A row equal in all source columns to one read before, in this file or another, is a duplicate.
-- Only the hashes are sorted out: the rows themselves are read once more, and written once, as events.
CREATE TABLE stage.known AS
SELECT r.position, s.row_id, r.reason IS NULL AS is_event
FROM stage.rows AS r JOIN prev.rows_seen AS s ON s.hash_high = r.hash_high AND s.hash_low = r.hash_low;

CREATE TABLE stage.repeated AS
SELECT hash_high, hash_low, min(position) AS first_position
FROM stage.rows
WHERE hash_high IN (SELECT hash_high FROM stage.suspects)
GROUP BY hash_high, hash_low
HAVING count(*) > 1;

CREATE TABLE stage.copies AS
SELECT position, row_id AS of_row, is_event FROM stage.known
UNION ALL
SELECT r.position, CAST(n.ingest AS BIGINT) * 1099511627776 + f.first_position, r.reason IS NULL
FROM stage.rows AS r
CROSS JOIN stage.ingest AS n
JOIN stage.repeated AS f ON f.hash_high = r.hash_high AND f.hash_low = r.hash_low
WHERE r.position > f.first_position AND r.position NOT IN (SELECT position FROM stage.known);

CREATE VIEW stage.fresh AS
SELECT CAST(n.ingest AS BIGINT) * 1099511627776 + r.position AS row_id, n.ingest, r.*
FROM (FROM stage.rows ANTI JOIN stage.copies USING (position)) AS r CROSS JOIN stage.ingest AS n;

INSERT INTO next.ingests SELECT * FROM prev.ingests ORDER BY ingest;
INSERT INTO next.ingests
SELECT n.ingest, n.ingested_at, n.files, n.preset, r.rows_read, r.events - c.events, c.events + c.quarantined,
       r.quarantined - c.quarantined
FROM stage.ingest AS n
CROSS JOIN (
    SELECT count(position) AS rows_read, count(position) - count(reason) AS events, count(reason) AS quarantined
    FROM stage.rows
) AS r
CROSS JOIN (
    SELECT count(DISTINCT CASE WHEN is_event THEN position END) AS events,
           count(DISTINCT CASE WHEN NOT is_event THEN position END) AS quarantined
    FROM stage.copies
) AS c;

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
SELECT DISTINCT n.ingest, a.user_id, a.name, a.value
FROM stage.attributes AS a, stage.ingest AS n
WHERE a.position NOT IN (SELECT position FROM stage.copies)
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
SELECT r.row_id, r.ingest, f.name, r.line, w.text, t.text, t.text_hash
FROM stage.fresh AS r
JOIN stage.files AS f ON f.file = r.file
JOIN stage.words AS w ON w.word = r.reason
LEFT JOIN stage.rejected AS t ON t.position = r.position
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
SELECT hash_high, hash_low, row_id
FROM stage.fresh
WHERE reason IS NULL OR reason NOT IN (SELECT word FROM stage.words WHERE text = 'the person was forgotten');

-- A product with more than 18 digits is computed in 128 bits, ten times as slowly as one that fits into 64.
CREATE TEMP MACRO money(e4) AS
    CASE WHEN e4 < 100000000000000 THEN CAST(CAST(e4 AS DECIMAL(14, 0)) * 0.0001::DECIMAL(4, 4) AS DECIMAL(18, 4))
         ELSE CAST(e4 * 0.0001::DECIMAL(5, 4) AS DECIMAL(18, 4)) END;

-- All events of the next generation, which is written with those columns only that a row has a value in
-- (src/workspace/store.rs). Words are numbered from 1, as the elements of a list are.
CREATE TEMP VIEW every_event AS
SELECT * FROM prev.events
UNION ALL
SELECT r.row_id, r.ingest, r.file, r.line, r.user_id, r.account_id, r.device_id, r.unit_id,
       make_timestamp(r.at_seconds * 1000000) AS ts, w.words[r.type] AS type, w.words[r.status] AS status, r.order_key,
       r.order_line, r.product_id, coalesce(r.category_id, p.category_id) AS category_id,
       money(r.price_e4) AS price,
       CASE WHEN r.quantity_e3 < 1000000000000000
            THEN CAST(CAST(r.quantity_e3 AS DECIMAL(15, 0)) * 0.001::DECIMAL(3, 3) AS DECIMAL(18, 3))
            ELSE CAST(r.quantity_e3 * 0.001::DECIMAL(4, 3) AS DECIMAL(18, 3)) END AS quantity,
       money(r.total_e4) AS total, money(r.discount_e4) AS discount, money(r.tax_e4) AS tax,
       money(r.shipping_e4) AS shipping, money(r.refund_e4) AS refund,
       w.words[r.currency] AS currency, r.query_id, r.session_key, w.words[r.source] AS source, w.words[r.country] AS country
FROM stage.fresh AS r
LEFT JOIN next.products AS p ON p.product_id = r.product_id
CROSS JOIN (SELECT list(text ORDER BY word) AS words FROM stage.words) AS w
WHERE r.reason IS NULL;
