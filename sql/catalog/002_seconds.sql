-- How long each stage took when the run was made: JSON, stage to seconds.
ALTER TABLE runs ADD COLUMN seconds TEXT NOT NULL DEFAULT '{}';
