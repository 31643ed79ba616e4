-- Staged rows and words of persons who were forgotten (`barred`, by pseudonym) do not come in.
CREATE TEMP TABLE barred_users AS SELECT u.user_id FROM stage.users AS u JOIN barred AS b ON b.pseudonym = u.pseudonym;
DELETE FROM stage.rows
WHERE user_id IN (SELECT user_id FROM barred_users) OR device_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.queries WHERE query_id NOT IN (SELECT query_id FROM stage.rows WHERE query_id IS NOT NULL);
DELETE FROM stage.attributes WHERE user_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.aliases WHERE old_id IN (SELECT user_id FROM barred_users) OR new_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.excluded_users WHERE user_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.people WHERE user_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.consents WHERE user_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.opt_outs WHERE user_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.kept WHERE user_id IN (SELECT user_id FROM barred_users);
DELETE FROM stage.users WHERE user_id IN (SELECT user_id FROM barred_users);
