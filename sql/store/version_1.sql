-- A store of version 1 as one of today: {new} is an empty database of views over {old}, the published file.
-- Version 1 knew neither companies nor devices, statuses nor amounts beside the price, nor where a row came from; no
-- catalogue, and nothing of what users want.
CREATE VIEW {new}.meta AS SELECT * FROM {old}.meta;
CREATE VIEW {new}.ingests AS SELECT * FROM {old}.ingests;
CREATE VIEW {new}.users AS SELECT * FROM {old}.users;
CREATE VIEW {new}.categories AS SELECT * FROM {old}.categories;
CREATE VIEW {new}.products AS SELECT * FROM {old}.products;
CREATE VIEW {new}.queries AS SELECT * FROM {old}.queries;
CREATE VIEW {new}.attributes AS SELECT * FROM {old}.attributes;
CREATE TABLE {new}.aliases (ingest INTEGER, old_id INTEGER, new_id INTEGER);
CREATE TABLE {new}.excluded_users (ingest INTEGER, user_id INTEGER);
CREATE TABLE {new}.rates (ingest INTEGER, day DATE, currency VARCHAR, rate DECIMAL(18, 8));
CREATE TABLE {new}.catalogue (
    ingest INTEGER, product_id INTEGER, name VARCHAR, brand VARCHAR, category_id INTEGER, price DECIMAL(18, 4),
    currency VARCHAR, stock DECIMAL(18, 3), url VARCHAR, attributes VARCHAR
);
CREATE TABLE {new}.people (ingest INTEGER, user_id INTEGER, signed_up DATE);
CREATE TABLE {new}.consents (ingest INTEGER, user_id INTEGER, purpose VARCHAR, agrees BOOLEAN);
CREATE TABLE {new}.opt_outs (ingest INTEGER, user_id INTEGER, channel VARCHAR, stops BOOLEAN);
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
