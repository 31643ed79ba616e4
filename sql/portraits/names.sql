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
-- Names are numbered, since numbers are counted more quickly than texts; all that go by one name are one.
named AS (
    SELECT kind, code, name, id, count(*) OVER (PARTITION BY kind, id) > 1 AS is_shared
    FROM (
        SELECT kind, code, name, dense_rank() OVER (PARTITION BY kind ORDER BY name) AS id
        FROM (
            SELECT 1 AS kind, category_id AS code, name FROM categories
            UNION ALL
            SELECT 2, product_id, coalesce(name, code) FROM products
            UNION ALL
            SELECT 3, query_id, name
            FROM (SELECT query_id, unnest(string_split(query, ' ')) AS name FROM queries)
            WHERE length(name) >= 2 AND name NOT LIKE '‹%' AND lower(name) NOT IN (SELECT name FROM stop_words)
        )
    )
),
met AS (
    SELECT 1 AS kind, user_id, category_id AS code FROM events WHERE first_of_category
    UNION ALL
    SELECT 2, user_id, product_id FROM events WHERE first_of_product
    UNION ALL
    SELECT 3, user_id, query_id FROM events WHERE first_of_query
),
-- A user meets a name once, however many go by it.
touched AS (
    SELECT n.kind, m.user_id, n.id
    FROM met AS m JOIN named AS n ON n.kind = m.kind AND n.code = m.code
    WHERE NOT n.is_shared
    UNION ALL
    SELECT DISTINCT n.kind, m.user_id, n.id
    FROM met AS m JOIN named AS n ON n.kind = m.kind AND n.code = m.code
    WHERE n.is_shared
),
sizes AS (
    SELECT segment, count(*) AS users FROM members GROUP BY segment
),
counted AS (
    SELECT m.segment, t.kind, t.id, count(*) AS users
    FROM touched AS t JOIN members AS m ON m.user_id = t.user_id
    GROUP BY m.segment, t.kind, t.id
),
everybody AS (
    SELECT kind, id, 1.0 * CAST(sum(users) AS BIGINT) / (SELECT count(*) FROM members) AS share FROM counted GROUP BY kind, id
),
names AS (
    SELECT DISTINCT kind, id, name FROM named
),
ranked AS (
    SELECT c.segment, c.kind, n.name, c.users,
           100.0 * c.users / s.users AS share,
           100.0 * e.share AS population,
           (1.0 * c.users / s.users) / e.share AS lift
    FROM counted AS c
    JOIN sizes AS s ON s.segment = c.segment
    JOIN everybody AS e ON e.kind = c.kind AND e.id = c.id
    JOIN names AS n ON n.kind = c.kind AND n.id = c.id
    WHERE c.users >= (SELECT min_support FROM limits)
)
SELECT segment, CASE kind WHEN 1 THEN 'category' WHEN 2 THEN 'product' ELSE 'query' END AS kind, name, users, share,
       population, lift
FROM (
    SELECT *, row_number() OVER (PARTITION BY segment, kind ORDER BY share * ln(lift) DESC, name) AS place
    FROM ranked
    WHERE lift > 1
)
WHERE place <= 5
ORDER BY segment, kind, place
