-- The event store: one file a generation, written once and never changed after it is published.
-- Users, products, categories and queries are integer keys with a table of their own.
-- Events are sorted by user and time. Times are the shop's local wall clock.
-- A row of a file has a number of its own: ingest * 2^40 + its position among the ingest's rows.
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

-- Everything that has a pseudonym: users, accounts, devices, units.
CREATE TABLE next.users (user_id INTEGER PRIMARY KEY, pseudonym VARCHAR NOT NULL);
CREATE TABLE next.categories (category_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
CREATE TABLE next.products (product_id INTEGER PRIMARY KEY, code VARCHAR NOT NULL, name VARCHAR, category_id INTEGER);
CREATE TABLE next.queries (query_id INTEGER PRIMARY KEY, query VARCHAR NOT NULL);

-- Attributes kept for audits (--keep): never a feature.
CREATE TABLE next.attributes (ingest INTEGER NOT NULL, user_id INTEGER NOT NULL, name VARCHAR NOT NULL, value VARCHAR NOT NULL);

-- What a person says about users: one that is another, one that does not count.
CREATE TABLE next.aliases (ingest INTEGER NOT NULL, old_id INTEGER NOT NULL, new_id INTEGER NOT NULL);
CREATE TABLE next.excluded_users (ingest INTEGER NOT NULL, user_id INTEGER NOT NULL);

-- What one unit of a currency is worth in the shop's own, from a day on.
CREATE TABLE next.rates (ingest INTEGER NOT NULL, day DATE NOT NULL, currency VARCHAR NOT NULL, rate DECIMAL(18, 8) NOT NULL);

-- What the shop sells, as its catalogue said: the last one read is the catalogue, older ones only name what it lacks.
CREATE TABLE next.catalogue (
    ingest INTEGER NOT NULL, product_id INTEGER NOT NULL, name VARCHAR, brand VARCHAR, category_id INTEGER,
    price DECIMAL(18, 4), currency VARCHAR, stock DECIMAL(18, 3), url VARCHAR,
    attributes VARCHAR NOT NULL             -- a JSON object of texts
);

-- What users want, as files of users said; of each user the last line counts, for all three tables.
CREATE TABLE next.people (ingest INTEGER NOT NULL, user_id INTEGER NOT NULL, signed_up DATE);
CREATE TABLE next.consents (ingest INTEGER NOT NULL, user_id INTEGER NOT NULL, purpose VARCHAR NOT NULL, agrees BOOLEAN NOT NULL);
CREATE TABLE next.opt_outs (ingest INTEGER NOT NULL, user_id INTEGER NOT NULL, channel VARCHAR NOT NULL, stops BOOLEAN NOT NULL);

CREATE TABLE next.quarantine (
    row_id BIGINT,                          -- none in stores of version 1
    ingest INTEGER NOT NULL,
    file   VARCHAR NOT NULL,
    line   BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    text   VARCHAR,                         -- identifiers masked; none where the id could not be located
    hash   VARCHAR                          -- of the row, where its text is not kept
);

-- Rows equal in all source columns to one read before, and that one.
CREATE TABLE next.duplicates (row_id BIGINT NOT NULL, ingest INTEGER NOT NULL, file VARCHAR NOT NULL, line BIGINT NOT NULL, of_row BIGINT);

-- Keyed hashes of all rows read: a row equal in all source columns to one of them is a duplicate.
CREATE TABLE next.rows_seen (hash_high BIGINT NOT NULL, hash_low BIGINT NOT NULL, row_id BIGINT);
