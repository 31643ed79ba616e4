-- SQLite's pages carry no checksums. Each part of the catalog that is read together has one over its rows, written in the
-- transaction that changes it and compared when it is read.
CREATE TABLE checksums (
    part   TEXT PRIMARY KEY,                -- `run/3`, `campaign/1`, `runs`, `settings`
    sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
