-- Every user of a run by pseudonym, in the order of their first appearance: where they are, where they were in the run
-- before, how probably they belong to their segment, and which other one is nearest, by how much farther.
WITH others AS (
    SELECT n.user_id, n.segment, n.distance
    FROM near AS n JOIN members AS m ON m.user_id = n.user_id AND m.segment <> n.segment
    QUALIFY row_number() OVER (PARTITION BY n.user_id ORDER BY n.distance, n.segment) = 1
)
SELECT u.pseudonym, m.segment, m.distance, b.segment AS previous, n.probability, o.segment AS next,
       o.distance - m.distance AS margin
FROM members AS m
JOIN store.users AS u ON u.user_id = m.user_id
LEFT JOIN members_before AS b ON b.user_id = m.user_id
LEFT JOIN near AS n ON n.user_id = m.user_id AND n.segment = m.segment
LEFT JOIN others AS o ON o.user_id = m.user_id AND m.distance IS NOT NULL
ORDER BY m.user_id
