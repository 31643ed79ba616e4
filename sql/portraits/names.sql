-- Categories, products and words of search queries that mark a segment out: the share of its users who touched
-- one, against the whole shop's (the lift). The most telling come first: a high lift that many share
-- (share x ln lift). What fewer users than min_support touched stays untold. Words that say nothing by themselves
-- are no search words.
WITH stop_words (name) AS (
    VALUES ('an'), ('and'), ('as'), ('at'), ('by'), ('for'), ('from'), ('in'), ('is'), ('it'), ('my'), ('no'), ('of'),
           ('on'), ('or'), ('the'), ('to'), ('with'), ('without'),
           ('das'), ('der'), ('die'), ('ein'), ('eine'), ('für'), ('im'), ('mit'), ('und'),
           ('avec'), ('de'), ('des'), ('du'), ('et'), ('la'), ('le'), ('les'), ('pour'), ('un'), ('une'),
           ('con'), ('del'), ('el'), ('los'), ('para'), ('por')
),
touched AS (
    SELECT DISTINCT e.user_id, 'category' AS kind, c.name
    FROM events AS e JOIN categories AS c ON c.category_id = e.category_id
    UNION ALL
    SELECT DISTINCT e.user_id, 'product', coalesce(p.name, p.code)
    FROM events AS e JOIN products AS p ON p.product_id = e.product_id
    UNION ALL
    SELECT DISTINCT e.user_id, 'query', w.name
    FROM events AS e
    JOIN (SELECT query_id, unnest(string_split(query, ' ')) AS name FROM queries) AS w ON w.query_id = e.query_id
    WHERE length(w.name) >= 2 AND w.name NOT LIKE '‹%'
      AND lower(w.name) NOT IN (SELECT name FROM stop_words)
),
sizes AS (
    SELECT segment, count(*) AS users FROM members GROUP BY segment
),
everybody AS (
    SELECT kind, name, 1.0 * count(*) / (SELECT count(*) FROM members) AS share FROM touched GROUP BY kind, name
),
counted AS (
    SELECT m.segment, t.kind, t.name, count(*) AS users
    FROM touched AS t JOIN members AS m ON m.user_id = t.user_id
    GROUP BY m.segment, t.kind, t.name
    HAVING count(*) >= (SELECT min_support FROM limits)
),
ranked AS (
    SELECT c.segment, c.kind, c.name, c.users,
           100.0 * c.users / s.users AS share,
           100.0 * e.share AS population,
           (1.0 * c.users / s.users) / e.share AS lift
    FROM counted AS c
    JOIN sizes AS s ON s.segment = c.segment
    JOIN everybody AS e ON e.kind = c.kind AND e.name = c.name
)
SELECT segment, kind, name, users, share, population, lift
FROM (
    SELECT *, row_number() OVER (PARTITION BY segment, kind ORDER BY share * ln(lift) DESC, name) AS place
    FROM ranked
    WHERE lift > 1
)
WHERE place <= 5
ORDER BY segment, kind, place
