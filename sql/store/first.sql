-- Before the first generation: what `prev` is when nothing was published yet.
CREATE TABLE prev.ingests (ingest INTEGER, ingested_at VARCHAR, files VARCHAR, preset VARCHAR, rows_read BIGINT, events BIGINT, duplicates BIGINT, quarantined BIGINT);
CREATE TABLE prev.users (user_id INTEGER, pseudonym VARCHAR);
CREATE TABLE prev.categories (category_id INTEGER, name VARCHAR);
CREATE TABLE prev.products (product_id INTEGER, code VARCHAR, name VARCHAR, category_id INTEGER);
CREATE TABLE prev.queries (query_id INTEGER, query VARCHAR);
CREATE TABLE prev.attributes (ingest INTEGER, user_id INTEGER, name VARCHAR, value VARCHAR);
CREATE TABLE prev.quarantine (ingest INTEGER, file VARCHAR, line BIGINT, reason VARCHAR, text VARCHAR, hash VARCHAR);
CREATE TABLE prev.rows_seen (hash_high BIGINT, hash_low BIGINT);
CREATE TABLE prev.events (
    ingest INTEGER, position BIGINT, user_id INTEGER, ts TIMESTAMP, type VARCHAR, order_key BIGINT, product_id INTEGER,
    category_id INTEGER, price DECIMAL(18, 4), quantity DECIMAL(18, 3), currency VARCHAR, query_id INTEGER,
    session_key BIGINT, source VARCHAR, country VARCHAR
);
