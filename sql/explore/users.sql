-- Users of a run by the beginning of their pseudonym (?1) and their segment (?2; null: any), in the order of one of the
-- files of order/, which also says who is meant: at most ?3 of them, with how many there are. What they did is counted from ?4 to ?5 before any rule leaves a row out;
-- revenue is the feature, net of returns and after rules, and nothing where the data has no prices.
WITH found AS (
    SELECT m.user_id, u.pseudonym, m.segment, coalesce(f.value, 0) AS revenue, r.rank
    FROM ({order}) AS r
    JOIN members AS m ON m.user_id = r.user_id
    JOIN store.users AS u ON u.user_id = m.user_id
    LEFT JOIN feature_values AS f ON f.user_id = m.user_id AND f.feature = 'rfm.revenue'
    WHERE starts_with(u.pseudonym, ?1) AND (?2 IS NULL OR m.segment = ?2)
),
shown AS (
    SELECT * FROM found ORDER BY rank, pseudonym LIMIT ?3
),
did AS (
    SELECT unit, count(*) AS events, max(day) AS last
    FROM rows
    WHERE unit IN (SELECT user_id FROM shown) AND type NOT IN ('renewal', 'discount')
      AND day BETWEEN CAST(?4 AS DATE) AND CAST(?5 AS DATE)
    GROUP BY unit
)
SELECT s.pseudonym, s.segment, coalesce(d.events, 0) AS events, s.revenue, coalesce(CAST(d.last AS VARCHAR), '') AS last,
       (SELECT count(*) FROM found) AS users
FROM shown AS s LEFT JOIN did AS d ON d.unit = s.user_id
ORDER BY s.rank, s.pseudonym
