-- Mean and median of each feature in each segment, and how much of it the greatest single user brings, in per cent;
-- segment 0 is the whole shop. Users without a value say nothing.
-- The mean is of decimals: a sum of doubles would depend on the order of adding.
SELECT coalesce(m.segment, 0) AS segment,
       f.feature,
       count(*) AS users,
       CAST(sum(CAST(f.value AS DECIMAL(38, 6))) AS DOUBLE) / count(*) AS mean,
       quantile_cont(f.value, 0.5) AS median,
       100.0 * max(abs(f.value)) / nullif(CAST(sum(CAST(abs(f.value) AS DECIMAL(38, 6))) AS DOUBLE), 0) AS largest_share
FROM feature_values AS f JOIN members AS m ON m.user_id = f.user_id
GROUP BY GROUPING SETS ((m.segment, f.feature), (f.feature))
ORDER BY segment, f.feature
