-- Where a run put a person.
SELECT u.pseudonym AS "user", m.segment, m.distance
FROM run.members AS m JOIN store.users AS u ON u.user_id = m.user_id
WHERE m.user_id IN (SELECT user_id FROM person)
ORDER BY m.user_id
