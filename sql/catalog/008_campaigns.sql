-- Campaigns: what is planned for each segment of a run (JSON), who was drawn for it, and who looked at how it went.
CREATE TABLE campaigns (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL,
    created_at TEXT NOT NULL,               -- RFC 3339, UTC
    plan       TEXT NOT NULL                -- JSON
) STRICT;

CREATE TABLE campaign_members (
    campaign_id INTEGER NOT NULL REFERENCES campaigns ON DELETE CASCADE,
    user        TEXT NOT NULL,              -- pseudonym
    segment_id  INTEGER NOT NULL,
    is_held     INTEGER NOT NULL,           -- 1: in the holdout, who get nothing
    channel     TEXT NOT NULL,
    drawn_on    TEXT NOT NULL,              -- day, ISO 8601
    PRIMARY KEY (campaign_id, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_looks (
    campaign_id INTEGER NOT NULL REFERENCES campaigns ON DELETE CASCADE,
    at          TEXT NOT NULL,
    last_day    TEXT NOT NULL,              -- of the later events, ISO 8601
    PRIMARY KEY (campaign_id, last_day)
) STRICT;

-- What was done that somebody may ask for one day: no names, no ids.
CREATE TABLE audit_log (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL                    -- JSON
) STRICT;
