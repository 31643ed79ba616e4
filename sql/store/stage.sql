-- Rows of the files being read, in the order of the files; pseudonyms already, masked already.
-- The columns stand in the order of src/events/batch.rs.
CREATE TABLE stage.rows (
    position    BIGINT NOT NULL,
    hash_high   BIGINT NOT NULL,
    hash_low    BIGINT NOT NULL,
    line        BIGINT NOT NULL,
    at_seconds  BIGINT,
    price_e4    BIGINT,                     -- ten-thousandths, as all amounts
    quantity_e3 BIGINT,                     -- thousandths
    total_e4    BIGINT,
    discount_e4 BIGINT,
    tax_e4      BIGINT,
    shipping_e4 BIGINT,
    refund_e4   BIGINT,
    order_key   BIGINT,
    session_key BIGINT,
    order_line  BIGINT,
    file        INTEGER NOT NULL,
    user_id     INTEGER,
    account_id  INTEGER,
    device_id   INTEGER,
    unit_id     INTEGER,
    product_id  INTEGER,
    category_id INTEGER,
    query_id    INTEGER,
    type        VARCHAR,
    status      VARCHAR,
    currency    VARCHAR,
    source      VARCHAR,
    country     VARCHAR,
    reason      VARCHAR,                    -- why the row is quarantined; null: it is an event
    text        VARCHAR,
    text_hash   VARCHAR
);
CREATE TABLE stage.ingest (ingest INTEGER, ingested_at VARCHAR, files VARCHAR, preset VARCHAR);
CREATE TABLE stage.units (name VARCHAR);       -- the column read as the unit, where there is one
CREATE TABLE stage.files (file INTEGER, name VARCHAR);
CREATE TABLE stage.users (user_id INTEGER, pseudonym VARCHAR);
CREATE TABLE stage.categories (category_id INTEGER, name VARCHAR);
CREATE TABLE stage.products (product_id INTEGER, code VARCHAR, name VARCHAR, category_id INTEGER);
CREATE TABLE stage.queries (query_id INTEGER, query VARCHAR);
CREATE TABLE stage.attributes (position BIGINT, user_id INTEGER, name VARCHAR, value VARCHAR);
CREATE TABLE stage.aliases (old_id INTEGER, new_id INTEGER);
CREATE TABLE stage.excluded_users (user_id INTEGER);
CREATE TABLE stage.rates (day DATE, currency VARCHAR, rate DECIMAL(18, 8));
CREATE TABLE stage.listings (
    product_id INTEGER, name VARCHAR, brand VARCHAR, category_id INTEGER, price_e4 BIGINT, currency VARCHAR,
    stock_e3 BIGINT, url VARCHAR, attributes VARCHAR
);
CREATE TABLE stage.people (user_id INTEGER, signed_up DATE);
CREATE TABLE stage.consents (user_id INTEGER, purpose VARCHAR, agrees BOOLEAN);
CREATE TABLE stage.opt_outs (user_id INTEGER, channel VARCHAR, stops BOOLEAN);   -- or lifts what was said before
CREATE TABLE stage.kept (user_id INTEGER, name VARCHAR, value VARCHAR);
