-- The features of a user (?1) beside the medians of its segment (?2) and of the shop, as sql/portraits/numeric.sql has
-- them; a median over fewer users than ?3 is not told.
WITH own AS (
    SELECT feature, value FROM feature_values WHERE user_id = ?1
),
placed AS (
    SELECT f.feature, f.value, m.segment FROM feature_values AS f JOIN members AS m ON m.user_id = f.user_id
),
shop AS (
    SELECT feature, count(*) AS users, quantile_cont(value, 0.5) AS median FROM placed GROUP BY feature
),
of_segment AS (
    SELECT feature, count(*) AS users, quantile_cont(value, 0.5) AS median FROM placed WHERE segment = ?2 GROUP BY feature
)
SELECT s.feature, o.value,
       CASE WHEN g.users >= ?3 THEN g.median END AS segment,
       CASE WHEN s.users >= ?3 THEN s.median END AS shop
FROM shop AS s
LEFT JOIN of_segment AS g ON g.feature = s.feature
LEFT JOIN own AS o ON o.feature = s.feature
ORDER BY s.feature
