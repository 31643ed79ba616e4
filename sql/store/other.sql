-- The events of another workspace (`other`, made with the same key) become staged rows, as if its files were read again;
-- merge.sql then takes what is new. Keys of users, products, categories and queries become those of `prev`, or new ones.
CREATE TEMP TABLE user_keys AS
SELECT o.user_id AS other_id, p.user_id AS known, o.pseudonym,
       coalesce(p.user_id, (SELECT coalesce(max(user_id), 0) FROM prev.users)
                + row_number() OVER (PARTITION BY p.user_id IS NULL ORDER BY o.user_id)) AS user_id
FROM other.users AS o LEFT JOIN prev.users AS p ON p.pseudonym = o.pseudonym;
INSERT INTO stage.users SELECT user_id, pseudonym FROM user_keys WHERE known IS NULL ORDER BY user_id;

CREATE TEMP TABLE category_keys AS
SELECT o.category_id AS other_id, p.category_id AS known, o.name,
       coalesce(p.category_id, (SELECT coalesce(max(category_id), 0) FROM prev.categories)
                + row_number() OVER (PARTITION BY p.category_id IS NULL ORDER BY o.category_id)) AS category_id
FROM other.categories AS o LEFT JOIN prev.categories AS p ON p.name = o.name;
INSERT INTO stage.categories SELECT category_id, name FROM category_keys WHERE known IS NULL ORDER BY category_id;

CREATE TEMP TABLE query_keys AS
SELECT o.query_id AS other_id, p.query_id AS known, o.query,
       coalesce(p.query_id, (SELECT coalesce(max(query_id), 0) FROM prev.queries)
                + row_number() OVER (PARTITION BY p.query_id IS NULL ORDER BY o.query_id)) AS query_id
FROM other.queries AS o LEFT JOIN prev.queries AS p ON p.query = o.query;
INSERT INTO stage.queries SELECT query_id, query FROM query_keys WHERE known IS NULL ORDER BY query_id;

CREATE TEMP TABLE product_keys AS
SELECT o.product_id AS other_id,
       coalesce(p.product_id, (SELECT coalesce(max(product_id), 0) FROM prev.products)
                + row_number() OVER (PARTITION BY p.product_id IS NULL ORDER BY o.product_id)) AS product_id
FROM other.products AS o LEFT JOIN prev.products AS p ON p.code = o.code;
INSERT INTO stage.products
SELECT k.product_id, o.code, o.name, c.category_id
FROM other.products AS o
JOIN product_keys AS k ON k.other_id = o.product_id
LEFT JOIN category_keys AS c ON c.other_id = o.category_id
ORDER BY k.product_id;

-- Files of all its ingests, numbered on.
CREATE TEMP TABLE file_keys AS
SELECT ingest, file AS other_file, name, CAST(row_number() OVER (ORDER BY ingest, file) - 1 AS INTEGER) AS file
FROM (
    SELECT ingest, unnest(names) AS name, unnest(range(len(names))) AS file
    FROM (SELECT ingest, string_split(files, chr(10)) AS names FROM other.ingests)
);
INSERT INTO stage.files SELECT file, name FROM file_keys ORDER BY file;

INSERT INTO stage.words
SELECT row_number() OVER (ORDER BY word), word
FROM (
    SELECT type AS word FROM other.events UNION SELECT status FROM other.events UNION SELECT currency FROM other.events
    UNION SELECT source FROM other.events UNION SELECT country FROM other.events UNION SELECT reason FROM other.quarantine
)
WHERE word IS NOT NULL;

CREATE TEMP TABLE other_rows AS
SELECT row_number() OVER (ORDER BY row_id) - 1 AS position, row_id, is_event
FROM (SELECT row_id, true AS is_event FROM other.events UNION ALL SELECT row_id, false FROM other.quarantine)
WHERE row_id IN (SELECT row_id FROM other.rows_seen);

INSERT INTO stage.rejected
SELECT o.position, r.text, r.hash
FROM other.quarantine AS r JOIN other_rows AS o ON o.row_id = r.row_id AND NOT o.is_event;

CREATE TABLE stage.rows AS
SELECT o.position, s.hash_high, s.hash_low, e.line, f.file,
       date_diff('second', TIMESTAMP '1970-01-01 00:00:00', e.ts) AS at_seconds,
       CAST(e.price * 10000 AS BIGINT) AS price_e4, CAST(e.quantity * 1000 AS BIGINT) AS quantity_e3,
       CAST(e.total * 10000 AS BIGINT) AS total_e4, CAST(e.discount * 10000 AS BIGINT) AS discount_e4,
       CAST(e.tax * 10000 AS BIGINT) AS tax_e4, CAST(e.shipping * 10000 AS BIGINT) AS shipping_e4,
       CAST(e.refund * 10000 AS BIGINT) AS refund_e4, e.order_key, e.session_key, e.order_line, u.user_id,
       a.user_id AS account_id, d.user_id AS device_id, n.user_id AS unit_id, p.product_id, c.category_id, q.query_id,
       t.word AS type, x.word AS status, y.word AS currency, z.word AS source, l.word AS country,
       CAST(NULL AS INTEGER) AS reason
FROM other.events AS e
JOIN other_rows AS o ON o.row_id = e.row_id AND o.is_event
JOIN other.rows_seen AS s ON s.row_id = e.row_id
JOIN file_keys AS f ON f.ingest = e.ingest AND f.other_file = e.file
LEFT JOIN user_keys AS u ON u.other_id = e.user_id
LEFT JOIN user_keys AS a ON a.other_id = e.account_id
LEFT JOIN user_keys AS d ON d.other_id = e.device_id
LEFT JOIN user_keys AS n ON n.other_id = e.unit_id
LEFT JOIN product_keys AS p ON p.other_id = e.product_id
LEFT JOIN category_keys AS c ON c.other_id = e.category_id
LEFT JOIN query_keys AS q ON q.other_id = e.query_id
LEFT JOIN stage.words AS t ON t.text = e.type
LEFT JOIN stage.words AS x ON x.text = e.status
LEFT JOIN stage.words AS y ON y.text = e.currency
LEFT JOIN stage.words AS z ON z.text = e.source
LEFT JOIN stage.words AS l ON l.text = e.country;

INSERT INTO stage.rows BY NAME
SELECT o.position, s.hash_high, s.hash_low, r.line, f.file, w.word AS reason
FROM other.quarantine AS r
JOIN other_rows AS o ON o.row_id = r.row_id AND NOT o.is_event
JOIN other.rows_seen AS s ON s.row_id = r.row_id
JOIN stage.words AS w ON w.text = r.reason
JOIN (SELECT ingest, name, min(file) AS file FROM file_keys GROUP BY ingest, name) AS f
  ON f.ingest = r.ingest AND f.name = r.file;

-- What people said there and not here.
INSERT INTO stage.kept
SELECT DISTINCT u.user_id, o.name, o.value
FROM other.attributes AS o JOIN user_keys AS u ON u.other_id = o.user_id
WHERE NOT EXISTS (
    SELECT 1 FROM prev.attributes AS p WHERE p.user_id = u.user_id AND p.name = o.name AND p.value = o.value);
INSERT INTO stage.aliases
SELECT DISTINCT a.user_id, b.user_id
FROM other.aliases AS o JOIN user_keys AS a ON a.other_id = o.old_id JOIN user_keys AS b ON b.other_id = o.new_id
WHERE NOT EXISTS (SELECT 1 FROM prev.aliases AS p WHERE p.old_id = a.user_id AND p.new_id = b.user_id);
INSERT INTO stage.excluded_users
SELECT DISTINCT u.user_id
FROM other.excluded_users AS o JOIN user_keys AS u ON u.other_id = o.user_id
WHERE NOT EXISTS (SELECT 1 FROM prev.excluded_users AS p WHERE p.user_id = u.user_id);
INSERT INTO stage.rates
SELECT DISTINCT o.day, o.currency, o.rate
FROM other.rates AS o
WHERE NOT EXISTS (SELECT 1 FROM prev.rates AS p WHERE p.day = o.day AND p.currency = o.currency AND p.rate = o.rate);
INSERT INTO stage.people
SELECT DISTINCT u.user_id, o.signed_up
FROM other.people AS o JOIN user_keys AS u ON u.other_id = o.user_id
WHERE NOT EXISTS (
    SELECT 1 FROM prev.people AS p WHERE p.user_id = u.user_id AND p.signed_up IS NOT DISTINCT FROM o.signed_up);
INSERT INTO stage.consents
SELECT DISTINCT u.user_id, o.purpose, o.agrees
FROM other.consents AS o JOIN user_keys AS u ON u.other_id = o.user_id
WHERE NOT EXISTS (
    SELECT 1 FROM prev.consents AS p WHERE p.user_id = u.user_id AND p.purpose = o.purpose AND p.agrees = o.agrees);
INSERT INTO stage.opt_outs
SELECT DISTINCT u.user_id, o.channel, true
FROM (SELECT user_id, channel FROM other.opt_outs GROUP BY ALL HAVING max_by(stops, (ingest, stops))) AS o
JOIN user_keys AS u ON u.other_id = o.user_id
WHERE NOT EXISTS (SELECT 1 FROM prev.opt_outs AS p WHERE p.user_id = u.user_id AND p.channel = o.channel AND p.stops);

-- Its catalogue counts only where there is none here: the last one read would replace the shop's own.
INSERT INTO stage.listings
SELECT k.product_id, o.name, o.brand, c.category_id, CAST(o.price * 10000 AS BIGINT), o.currency,
       CAST(o.stock * 1000 AS BIGINT), o.url, o.attributes
FROM other.catalogue AS o
JOIN product_keys AS k ON k.other_id = o.product_id
LEFT JOIN category_keys AS c ON c.other_id = o.category_id
WHERE o.ingest = (SELECT max(ingest) FROM other.catalogue) AND NOT EXISTS (SELECT 1 FROM prev.catalogue);
