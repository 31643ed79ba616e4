-- How a feature (?1) of a run is spread: users with a value, quantiles, and how many lie in each of 20 equal steps between
-- the 1st and the 99th percentile; those beyond are in the first step and the last. Where both are the same there is one
-- step.
WITH spread AS MATERIALIZED (
    SELECT feature, count(*) AS known, quantile_cont(value, [0.01, 0.05, 0.5, 0.95, 0.99]) AS q
    FROM run.feature_values
    WHERE feature = ?1
    GROUP BY feature
),
steps AS (
    SELECT v.feature,
           CASE WHEN s.q[1] < s.q[5]
                THEN CAST(least(greatest(floor(20 * (v.value - s.q[1]) / (s.q[5] - s.q[1])), 0), 19) AS INTEGER)
                ELSE 0 END AS step,
           count(*) AS users
    FROM run.feature_values AS v CROSS JOIN spread AS s
    WHERE v.feature = ?1
    GROUP BY ALL
)
SELECT s.feature, s.known, s.q[1] AS p01, s.q[2] AS p05, s.q[3] AS p50, s.q[4] AS p95, s.q[5] AS p99, t.step, t.users
FROM spread AS s CROSS JOIN steps AS t
ORDER BY t.step
