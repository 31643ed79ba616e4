-- The in-memory database behind assignments.parquet: closed to the network, and one thread in row order,
-- so that the same assignments give the same bytes.
SET autoinstall_known_extensions = false;
SET autoload_known_extensions = false;
SET threads = 1;
SET preserve_insertion_order = true;

CREATE TABLE assignments (
    "user"           VARCHAR NOT NULL, -- pseudonym
    segment          INTEGER NOT NULL,
    distance         DOUBLE,           -- to the own centroid, standardised units; none for the inactive group
    run              BIGINT NOT NULL,
    as_of            VARCHAR NOT NULL, -- the last day that counts
    segment_name     VARCHAR NOT NULL,
    previous_segment INTEGER,          -- in the run before; none where the user was in none
    probability      DOUBLE,           -- of belonging to the segment
    next_segment     INTEGER,          -- the nearest other one
    margin           DOUBLE            -- how much farther its centroid is than the own one
);
