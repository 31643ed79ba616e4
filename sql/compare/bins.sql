-- How many users of two runs have each feature in each tenth of what it was in the first: bins 0 to 9, cut at the deciles of
-- the first run's users who have the feature.
WITH cuts AS (
    SELECT feature, quantile_disc(value, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) AS cut
    FROM before.feature_values
    GROUP BY feature
),
measured AS (
    SELECT feature, value, 1 AS was, 0 AS is_now FROM before.feature_values
    UNION ALL
    SELECT feature, value, 0, 1 FROM run.feature_values
)
SELECT b.feature,
       CAST(b.value > c.cut[1] AS INTEGER) + CAST(b.value > c.cut[2] AS INTEGER) + CAST(b.value > c.cut[3] AS INTEGER)
       + CAST(b.value > c.cut[4] AS INTEGER) + CAST(b.value > c.cut[5] AS INTEGER) + CAST(b.value > c.cut[6] AS INTEGER)
       + CAST(b.value > c.cut[7] AS INTEGER) + CAST(b.value > c.cut[8] AS INTEGER) + CAST(b.value > c.cut[9] AS INTEGER) AS bin,
       CAST(sum(b.was) AS BIGINT) AS users_before, CAST(sum(b.is_now) AS BIGINT) AS users_now
FROM measured AS b JOIN cuts AS c ON c.feature = b.feature
GROUP BY ALL
ORDER BY ALL
