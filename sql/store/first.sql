-- Before the first generation: what `prev` is when nothing was published yet.
CREATE TABLE prev.meta (name VARCHAR, value VARCHAR);
CREATE TABLE prev.ingests (ingest INTEGER, ingested_at VARCHAR, files VARCHAR, preset VARCHAR, rows_read BIGINT, events BIGINT, duplicates BIGINT, quarantined BIGINT);
CREATE TABLE prev.users (user_id INTEGER, pseudonym VARCHAR);
CREATE TABLE prev.categories (category_id INTEGER, name VARCHAR);
CREATE TABLE prev.products (product_id INTEGER, code VARCHAR, name VARCHAR, category_id INTEGER);
CREATE TABLE prev.queries (query_id INTEGER, query VARCHAR);
CREATE TABLE prev.attributes (ingest INTEGER, user_id INTEGER, name VARCHAR, value VARCHAR);
CREATE TABLE prev.aliases (ingest INTEGER, old_id INTEGER, new_id INTEGER);
CREATE TABLE prev.excluded_users (ingest INTEGER, user_id INTEGER);
CREATE TABLE prev.rates (ingest INTEGER, day DATE, currency VARCHAR, rate DECIMAL(18, 8));
CREATE TABLE prev.catalogue (
    ingest INTEGER, product_id INTEGER, name VARCHAR, brand VARCHAR, category_id INTEGER, price DECIMAL(18, 4),
    currency VARCHAR, stock DECIMAL(18, 3), url VARCHAR, attributes VARCHAR
);
CREATE TABLE prev.people (ingest INTEGER, user_id INTEGER, signed_up DATE);
CREATE TABLE prev.consents (ingest INTEGER, user_id INTEGER, purpose VARCHAR, agrees BOOLEAN);
CREATE TABLE prev.opt_outs (ingest INTEGER, user_id INTEGER, channel VARCHAR, stops BOOLEAN);
CREATE TABLE prev.quarantine (row_id BIGINT, ingest INTEGER, file VARCHAR, line BIGINT, reason VARCHAR, text VARCHAR, hash VARCHAR);
CREATE TABLE prev.duplicates (row_id BIGINT, ingest INTEGER, file VARCHAR, line BIGINT, of_row BIGINT);
CREATE TABLE prev.rows_seen (hash_high BIGINT, hash_low BIGINT, row_id BIGINT);
CREATE TABLE prev.events ({events});
