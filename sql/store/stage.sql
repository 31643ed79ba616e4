-- What is read, beside the rows themselves (stage.rows: staged.sql, or other.sql); pseudonyms already, masked already.
CREATE TABLE stage.words (word INTEGER, text VARCHAR);              -- types, states, currencies…, reasons of quarantines
CREATE TABLE stage.rejected (position BIGINT, text VARCHAR, text_hash VARCHAR);   -- what is kept of quarantined rows
CREATE TABLE stage.suspects (hash_high BIGINT);                     -- first halves of hashes that came more than once
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
