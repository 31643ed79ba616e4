-- Rows of the files being read, in the order of the files; pseudonyms already, masked already.
CREATE TABLE stage.rows (
    position    BIGINT NOT NULL,
    hash_high   BIGINT NOT NULL,
    hash_low    BIGINT NOT NULL,
    user_id     INTEGER,
    at_seconds  BIGINT,
    type        VARCHAR,
    order_key   BIGINT,
    product_id  INTEGER,
    category_id INTEGER,
    price_e4    BIGINT,                     -- ten-thousandths
    quantity_e3 BIGINT,                     -- thousandths
    currency    VARCHAR,
    query_id    INTEGER,
    session_key BIGINT,
    source      VARCHAR,
    country     VARCHAR,
    file        INTEGER NOT NULL,
    line        BIGINT NOT NULL,
    reason      VARCHAR,                    -- why the row is quarantined; null: it is an event
    text        VARCHAR,
    text_hash   VARCHAR
);
CREATE TABLE stage.ingest (ingest INTEGER, ingested_at VARCHAR, files VARCHAR, preset VARCHAR);
CREATE TABLE stage.files (file INTEGER, name VARCHAR);
CREATE TABLE stage.users (user_id INTEGER, pseudonym VARCHAR);
CREATE TABLE stage.categories (category_id INTEGER, name VARCHAR);
CREATE TABLE stage.products (product_id INTEGER, code VARCHAR, name VARCHAR, category_id INTEGER);
CREATE TABLE stage.queries (query_id INTEGER, query VARCHAR);
CREATE TABLE stage.attributes (position BIGINT, user_id INTEGER, name VARCHAR, value VARCHAR);
