-- The event store: one file a generation, written once and never changed after it is published.
-- Users, products, categories and queries are integer keys with a table of their own.
-- Events are sorted by user and time. Times are the shop's local wall clock.
CREATE TABLE next.meta (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

CREATE TABLE next.ingests (
    ingest      INTEGER PRIMARY KEY,
    ingested_at VARCHAR NOT NULL,           -- RFC 3339, UTC
    files       VARCHAR NOT NULL,           -- file names, one a line
    preset      VARCHAR NOT NULL,
    rows_read   BIGINT NOT NULL,
    events      BIGINT NOT NULL,
    duplicates  BIGINT NOT NULL,
    quarantined BIGINT NOT NULL
);

CREATE TABLE next.users (user_id INTEGER PRIMARY KEY, pseudonym VARCHAR NOT NULL);
CREATE TABLE next.categories (category_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
CREATE TABLE next.products (product_id INTEGER PRIMARY KEY, code VARCHAR NOT NULL, name VARCHAR, category_id INTEGER);
CREATE TABLE next.queries (query_id INTEGER PRIMARY KEY, query VARCHAR NOT NULL);

-- Attributes kept for audits (--keep): never a feature.
CREATE TABLE next.attributes (ingest INTEGER NOT NULL, user_id INTEGER NOT NULL, name VARCHAR NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE next.quarantine (
    ingest INTEGER NOT NULL,
    file   VARCHAR NOT NULL,
    line   BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    text   VARCHAR,                         -- identifiers masked; none where the id could not be located
    hash   VARCHAR                          -- of the row, where its text is not kept
);

-- Keyed hashes of all rows read: a row equal in all source columns to one of them is a duplicate.
CREATE TABLE next.rows_seen (hash_high BIGINT NOT NULL, hash_low BIGINT NOT NULL);
