-- Users that a segment of this run and one of the run before have in common, and the sizes of both.
WITH now AS (SELECT segment, count(*) AS users FROM members GROUP BY segment),
     then_ AS (SELECT segment, count(*) AS users FROM members_before GROUP BY segment)
SELECT m.segment, b.segment AS previous, count(*) AS users, n.users AS users_now, t.users AS users_before
FROM members AS m
JOIN members_before AS b ON b.user_id = m.user_id
JOIN now AS n ON n.segment = m.segment
JOIN then_ AS t ON t.segment = b.segment
GROUP BY ALL
ORDER BY m.segment, users DESC, b.segment
