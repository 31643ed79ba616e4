-- Every user of a run by pseudonym, in the order of their first appearance.
SELECT u.pseudonym, m.segment, m.distance
FROM members AS m JOIN store.users AS u ON u.user_id = m.user_id
ORDER BY m.user_id
