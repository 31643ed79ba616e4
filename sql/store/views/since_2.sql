-- What stores have since version 2. Events have those columns only in which a row has a value; the others are none here.
CREATE VIEW {new}.aliases AS SELECT * FROM {old}.aliases;
CREATE VIEW {new}.excluded_users AS SELECT * FROM {old}.excluded_users;
CREATE VIEW {new}.rates AS SELECT * FROM {old}.rates;
CREATE VIEW {new}.quarantine AS SELECT * FROM {old}.quarantine;
CREATE VIEW {new}.duplicates AS SELECT * FROM {old}.duplicates;
CREATE VIEW {new}.rows_seen AS SELECT * FROM {old}.rows_seen;
CREATE VIEW {new}.events AS SELECT {events} FROM {old}.events;
