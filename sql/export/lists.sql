-- The database behind a Parquet file of recommendations: on disk, so that memory does not grow with the users.
SET autoinstall_known_extensions = false;
SET autoload_known_extensions = false;
SET threads = 1;
SET preserve_insertion_order = true;
SET memory_limit = '256MB';

CREATE TABLE lists (
    "user"  VARCHAR NOT NULL,   -- pseudonym
    segment INTEGER,
    rank    INTEGER NOT NULL,   -- from 1
    product VARCHAR NOT NULL,   -- the shop's code
    name    VARCHAR,
    score   DOUBLE NOT NULL,    -- comparable within a list only
    reason  VARCHAR NOT NULL,   -- the kind of evidence that speaks for it most
    "with"  VARCHAR,            -- the product or query that the evidence rests on
    users   BIGINT,             -- users behind it, where enough
    say     VARCHAR NOT NULL    -- the reason in words
);
