-- Every user of a run by pseudonym, in the order of their first appearance, and where they were in the run before.
SELECT u.pseudonym, m.segment, m.distance, b.segment AS previous
FROM members AS m
JOIN store.users AS u ON u.user_id = m.user_id
LEFT JOIN members_before AS b ON b.user_id = m.user_id
ORDER BY m.user_id
