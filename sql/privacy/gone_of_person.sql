-- What goes with a person: the rows that are theirs, and their keys. No ingest is old.
CREATE TEMP TABLE gone_users AS SELECT user_id FROM person;
CREATE TEMP TABLE gone_rows AS
SELECT row_id, query_id, product_id
FROM prev.events
WHERE user_id IN (SELECT user_id FROM person) OR device_id IN (SELECT user_id FROM person);
CREATE TEMP TABLE gone_ingests (ingest INTEGER);
