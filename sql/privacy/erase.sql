-- The published generation (`prev`) becomes the next one without `gone_rows`, `gone_users`, the texts that went with them, and
-- the quarantined texts of `gone_ingests`.
INSERT INTO next.meta SELECT * FROM prev.meta WHERE name NOT IN ('version', 'key_check', 'row_hash');
INSERT INTO next.ingests SELECT * FROM prev.ingests ORDER BY ingest;
INSERT INTO next.users SELECT * FROM prev.users WHERE user_id NOT IN (SELECT user_id FROM gone_users) ORDER BY user_id;
INSERT INTO next.categories SELECT * FROM prev.categories ORDER BY category_id;
INSERT INTO next.products
SELECT * FROM prev.products WHERE product_id NOT IN (SELECT product_id FROM gone_products) ORDER BY product_id;
INSERT INTO next.queries SELECT * FROM prev.queries WHERE query_id NOT IN (SELECT query_id FROM gone_queries) ORDER BY query_id;
INSERT INTO next.attributes SELECT * FROM prev.attributes WHERE user_id NOT IN (SELECT user_id FROM gone_users) ORDER BY ALL;
INSERT INTO next.aliases
SELECT * FROM prev.aliases
WHERE old_id NOT IN (SELECT user_id FROM gone_users) AND new_id NOT IN (SELECT user_id FROM gone_users)
ORDER BY ALL;
INSERT INTO next.excluded_users
SELECT * FROM prev.excluded_users WHERE user_id NOT IN (SELECT user_id FROM gone_users) ORDER BY ALL;
INSERT INTO next.rates SELECT * FROM prev.rates ORDER BY ALL;
INSERT INTO next.catalogue SELECT * FROM prev.catalogue ORDER BY ALL;
INSERT INTO next.people SELECT * FROM prev.people WHERE user_id NOT IN (SELECT user_id FROM gone_users) ORDER BY ALL;
INSERT INTO next.consents SELECT * FROM prev.consents WHERE user_id NOT IN (SELECT user_id FROM gone_users) ORDER BY ALL;
INSERT INTO next.opt_outs SELECT * FROM prev.opt_outs WHERE user_id NOT IN (SELECT user_id FROM gone_users) ORDER BY ALL;
INSERT INTO next.quarantine
SELECT * REPLACE (
    CASE WHEN ingest IN (SELECT ingest FROM gone_ingests) THEN NULL ELSE text END AS text,
    CASE WHEN ingest IN (SELECT ingest FROM gone_ingests) THEN NULL ELSE hash END AS hash
)
FROM prev.quarantine
ORDER BY ingest, file, line;
INSERT INTO next.duplicates
SELECT d.* FROM prev.duplicates AS d
WHERE NOT EXISTS (SELECT 1 FROM gone_rows AS g WHERE g.row_id = d.of_row)
ORDER BY row_id;
INSERT INTO next.rows_seen
SELECT s.* FROM prev.rows_seen AS s WHERE NOT EXISTS (SELECT 1 FROM gone_rows AS g WHERE g.row_id = s.row_id);

CREATE TEMP VIEW every_event AS
SELECT e.* FROM prev.events AS e
WHERE NOT EXISTS (SELECT 1 FROM gone_rows AS g WHERE g.row_id = e.row_id);
