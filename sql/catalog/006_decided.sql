-- What people decide about a segment, apart from what the program found, so that it can be taken back.
CREATE TABLE decided (
    run_id     INTEGER NOT NULL,
    segment_id INTEGER NOT NULL,
    given_name TEXT,                        -- shown in place of the program's
    tags       TEXT NOT NULL DEFAULT '[]',  -- JSON: words in order, each once
    note       TEXT,
    PRIMARY KEY (run_id, segment_id),
    FOREIGN KEY (run_id, segment_id) REFERENCES segments ON DELETE CASCADE
) STRICT;

-- Figures that are drawn and not told (JSON): of each segment, and the shop's events by hour of the week.
ALTER TABLE segments ADD COLUMN charts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE runs ADD COLUMN week TEXT NOT NULL DEFAULT '[]';
