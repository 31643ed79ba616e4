-- What the segments are of where rules made them (JSON: the title in both languages), and cohort retention (JSON).
ALTER TABLE runs ADD COLUMN rules TEXT NOT NULL DEFAULT 'null';
ALTER TABLE runs ADD COLUMN cohorts TEXT NOT NULL DEFAULT '[]';
