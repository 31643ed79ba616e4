-- What a run keeps on disk beside the catalog: who is in which segment, and the features that say why.
CREATE TABLE run.members (user_id INTEGER NOT NULL, segment INTEGER NOT NULL, distance DOUBLE);
CREATE TABLE run.feature_values (feature VARCHAR NOT NULL, user_id INTEGER NOT NULL, value DOUBLE NOT NULL);
