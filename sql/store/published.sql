-- A published store as SQL sees it: {new} is an empty database of views over {old}, the file. Its events have only those
-- columns that a row has a value in; the others are none here.
CREATE VIEW {new}.meta AS SELECT * FROM {old}.meta;
CREATE VIEW {new}.ingests AS SELECT * FROM {old}.ingests;
CREATE VIEW {new}.users AS SELECT * FROM {old}.users;
CREATE VIEW {new}.categories AS SELECT * FROM {old}.categories;
CREATE VIEW {new}.products AS SELECT * FROM {old}.products;
CREATE VIEW {new}.queries AS SELECT * FROM {old}.queries;
CREATE VIEW {new}.attributes AS SELECT * FROM {old}.attributes;
CREATE VIEW {new}.aliases AS SELECT * FROM {old}.aliases;
CREATE VIEW {new}.excluded_users AS SELECT * FROM {old}.excluded_users;
CREATE VIEW {new}.rates AS SELECT * FROM {old}.rates;
CREATE VIEW {new}.quarantine AS SELECT * FROM {old}.quarantine;
CREATE VIEW {new}.duplicates AS SELECT * FROM {old}.duplicates;
CREATE VIEW {new}.rows_seen AS SELECT * FROM {old}.rows_seen;
CREATE VIEW {new}.events AS SELECT {events} FROM {old}.events;
CREATE VIEW {new}.catalogue AS SELECT * FROM {old}.catalogue;
CREATE VIEW {new}.people AS SELECT * FROM {old}.people;
CREATE VIEW {new}.consents AS SELECT * FROM {old}.consents;
CREATE VIEW {new}.opt_outs AS SELECT * FROM {old}.opt_outs;
