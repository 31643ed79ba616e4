-- Who was forgotten: a second keyed hash of each of the person's pseudonyms, so that the person does not come back with
-- the next file. `finished_at` is none while the erasure has not gone through all stores.
CREATE TABLE tombstones (
    person      TEXT PRIMARY KEY,
    at          TEXT NOT NULL,              -- RFC 3339, UTC
    finished_at TEXT
) STRICT, WITHOUT ROWID;

-- Who is kept and not used, by pseudonym.
CREATE TABLE restricted (
    user TEXT PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The audit log says who did it, to which run and which person (the second hash), and each line seals those before it.
-- Lines of older versions have no hash; the first that has one begins the chain.
ALTER TABLE audit_log ADD COLUMN who TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_log ADD COLUMN operator TEXT;
ALTER TABLE audit_log ADD COLUMN run_id INTEGER;
ALTER TABLE audit_log ADD COLUMN person TEXT;
ALTER TABLE audit_log ADD COLUMN hash TEXT NOT NULL DEFAULT '';

CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
