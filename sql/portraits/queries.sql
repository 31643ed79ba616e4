-- Words in search queries that mark a segment out: the share of its users who touched one, against the whole shop's (the lift).
-- The most telling come first: a high lift that many share (share x ln lift). Fewer users than min_support stay untold.
WITH touched AS (
    SELECT DISTINCT e.user_id, w.name
    FROM events AS e
    JOIN (SELECT query_id, unnest(string_split(query, ' ')) AS name FROM queries) AS w ON w.query_id = e.query_id
    WHERE length(w.name) >= 2 AND w.name NOT LIKE '‹%'
),
sizes AS (
    SELECT segment, count(*) AS users FROM members GROUP BY segment
),
everybody AS (
    SELECT name, 1.0 * count(*) / (SELECT count(*) FROM members) AS share FROM touched GROUP BY name
),
counted AS (
    SELECT m.segment, t.name, count(*) AS users
    FROM touched AS t JOIN members AS m ON m.user_id = t.user_id
    GROUP BY m.segment, t.name
    HAVING count(*) >= (SELECT min_support FROM limits)
),
ranked AS (
    SELECT c.segment, c.name, c.users,
           100.0 * c.users / s.users AS share,
           100.0 * e.share AS population,
           (1.0 * c.users / s.users) / e.share AS lift
    FROM counted AS c
    JOIN sizes AS s ON s.segment = c.segment
    JOIN everybody AS e ON e.name = c.name
)
SELECT segment, name, users, share, population, lift
FROM (
    SELECT *, row_number() OVER (PARTITION BY segment ORDER BY share * ln(lift) DESC, name) AS place
    FROM ranked
    WHERE lift > 1
)
WHERE place <= 5
ORDER BY segment, place
