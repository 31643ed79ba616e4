-- The keys of everybody in `asked` (pseudonyms) and of all that are the same person by what people said: `person`. Aliases
-- link in both directions, through as many steps as it takes; a device whose rows all name one of these users is theirs.
-- {store} is the database with the events.
CREATE TEMP TABLE person AS
WITH RECURSIVE
links AS (
    SELECT old_id AS one, new_id AS other FROM {store}.aliases
    UNION
    SELECT new_id, old_id FROM {store}.aliases
),
own AS (
    SELECT u.user_id FROM {store}.users AS u JOIN asked AS a ON a.pseudonym = u.pseudonym
    UNION
    SELECT l.other FROM own AS o JOIN links AS l ON l.one = o.user_id
)
SELECT user_id FROM own
UNION
SELECT device_id
FROM {store}.events
WHERE device_id IS NOT NULL AND user_id IS NOT NULL
GROUP BY device_id
HAVING bool_and(user_id IN (SELECT user_id FROM own))
ORDER BY user_id;
