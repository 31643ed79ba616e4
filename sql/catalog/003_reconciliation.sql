-- From all sales to those that the run's segments count: JSON, null in runs made before.
ALTER TABLE runs ADD COLUMN reconciliation TEXT NOT NULL DEFAULT 'null';
