-- Version 1 knew neither companies nor devices, statuses nor amounts beside the price, nor where a row came from.
CREATE TABLE {new}.aliases (ingest INTEGER, old_id INTEGER, new_id INTEGER);
CREATE TABLE {new}.excluded_users (ingest INTEGER, user_id INTEGER);
CREATE TABLE {new}.rates (ingest INTEGER, day DATE, currency VARCHAR, rate DECIMAL(18, 8));
CREATE VIEW {new}.quarantine AS SELECT CAST(NULL AS BIGINT) AS row_id, * FROM {old}.quarantine;
CREATE TABLE {new}.duplicates (row_id BIGINT, ingest INTEGER, file VARCHAR, line BIGINT, of_row BIGINT);
CREATE VIEW {new}.rows_seen AS SELECT *, CAST(NULL AS BIGINT) AS row_id FROM {old}.rows_seen;
CREATE VIEW {new}.events AS
SELECT CAST(ingest AS BIGINT) * 1099511627776 + position AS row_id, ingest,
       CAST(NULL AS INTEGER) AS file, CAST(NULL AS BIGINT) AS line,
       user_id, CAST(NULL AS INTEGER) AS account_id, CAST(NULL AS INTEGER) AS device_id, CAST(NULL AS INTEGER) AS unit_id,
       ts, type, CAST(NULL AS VARCHAR) AS status, order_key, CAST(NULL AS BIGINT) AS order_line, product_id, category_id,
       price, quantity, CAST(NULL AS DECIMAL(18, 4)) AS total, CAST(NULL AS DECIMAL(18, 4)) AS discount,
       CAST(NULL AS DECIMAL(18, 4)) AS tax, CAST(NULL AS DECIMAL(18, 4)) AS shipping,
       CAST(NULL AS DECIMAL(18, 4)) AS refund, currency, query_id, session_key, source, country
FROM {old}.events;
