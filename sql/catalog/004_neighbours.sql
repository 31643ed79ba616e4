-- Which segment is nearest, which one it was in the run before, and which facts rest on one user (JSON: their ids).
ALTER TABLE segments ADD COLUMN nearest INTEGER;
ALTER TABLE segments ADD COLUMN previous INTEGER;
ALTER TABLE segments ADD COLUMN withheld TEXT NOT NULL DEFAULT '[]';
