-- A store of version 2 as one of today: {new} is an empty database of views over {old}, the published file.
-- Version 2 knew no catalogue, and nothing of what users want.
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
CREATE TABLE {new}.catalogue (
    ingest INTEGER, product_id INTEGER, name VARCHAR, brand VARCHAR, category_id INTEGER, price DECIMAL(18, 4),
    currency VARCHAR, stock DECIMAL(18, 3), url VARCHAR, attributes VARCHAR
);
CREATE TABLE {new}.people (ingest INTEGER, user_id INTEGER, signed_up DATE);
CREATE TABLE {new}.consents (ingest INTEGER, user_id INTEGER, purpose VARCHAR, agrees BOOLEAN);
CREATE TABLE {new}.opt_outs (ingest INTEGER, user_id INTEGER, channel VARCHAR, stops BOOLEAN);
