-- What speaks for the segments of a run, and for each of them (JSON).
ALTER TABLE runs ADD COLUMN evidence TEXT NOT NULL DEFAULT '{}';
ALTER TABLE segments ADD COLUMN standing TEXT NOT NULL DEFAULT '{}';
