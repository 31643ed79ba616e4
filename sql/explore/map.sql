-- A sample of the users that have a place, the same each time: those with the smallest hash (Knuth's multiplicative
-- one, The Art of Computer Programming 6.4), at most so many.
WITH drawn AS (
    SELECT user_id, x, y
    FROM run.places
    ORDER BY (CAST(user_id AS BIGINT) * 2654435761) % 4294967296, user_id
    LIMIT ?
)
SELECT u.pseudonym, m.segment, CAST(d.x AS DOUBLE) AS x, CAST(d.y AS DOUBLE) AS y
FROM drawn AS d
JOIN members AS m ON m.user_id = d.user_id
JOIN store.users AS u ON u.user_id = d.user_id
ORDER BY d.user_id
