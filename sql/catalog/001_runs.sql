-- The catalog's first form: what is decided and shared. Browsing needs these tables alone.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
    run_id      INTEGER PRIMARY KEY,
    created_at  TEXT NOT NULL,              -- RFC 3339, UTC
    seed        TEXT NOT NULL,              -- unsigned 64 bits do not fit an INTEGER
    k           INTEGER NOT NULL,
    users       INTEGER NOT NULL,
    silhouette  REAL,
    inertia     REAL NOT NULL,
    currency    TEXT,
    input       TEXT NOT NULL,              -- JSON: counts of rows
    candidates  TEXT NOT NULL,              -- JSON: tried values of k
    notes       TEXT NOT NULL,              -- JSON: what was left out
    recipe      TEXT NOT NULL               -- JSON: what replay needs
) STRICT;

CREATE TABLE segments (
    run_id     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    segment_id INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    name_zh    TEXT NOT NULL,
    users      INTEGER NOT NULL,
    share      REAL NOT NULL,
    PRIMARY KEY (run_id, segment_id)
) STRICT;

CREATE TABLE facts (
    run_id     INTEGER NOT NULL,
    segment_id INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    fact_id    TEXT NOT NULL,
    fact       TEXT NOT NULL,               -- JSON
    PRIMARY KEY (run_id, segment_id, fact_id),
    FOREIGN KEY (run_id, segment_id) REFERENCES segments ON DELETE CASCADE
) STRICT;

CREATE TABLE narratives (
    run_id     INTEGER NOT NULL,
    segment_id INTEGER NOT NULL,
    lang       TEXT NOT NULL,
    narrative  TEXT NOT NULL,               -- JSON: text, status, samples, sentences
    PRIMARY KEY (run_id, segment_id, lang),
    FOREIGN KEY (run_id, segment_id) REFERENCES segments ON DELETE CASCADE
) STRICT;
