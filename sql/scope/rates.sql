-- What one unit of each other currency was worth in the run's own on each day of the data: the last rate before.
-- A later ingest corrects an earlier one's rate of the same day.
CREATE TEMP TABLE day_rates AS
WITH rates AS (
    SELECT day, currency, rate
    FROM (
        SELECT *, row_number() OVER (PARTITION BY day, currency ORDER BY ingest DESC, rate) AS place
        FROM store.rates
        WHERE ingest <= (SELECT ingest FROM up_to)
    )
    WHERE place = 1
),
days AS (
    SELECT DISTINCT currency, CAST(ts AS DATE) AS day
    FROM store.events
    WHERE currency IS NOT NULL AND currency <> (SELECT currency FROM base) AND ingest <= (SELECT ingest FROM up_to)
)
SELECT currency, day, rate
FROM (
    SELECT d.currency, d.day, r.rate,
           row_number() OVER (PARTITION BY d.currency, d.day ORDER BY r.day DESC) AS place
    FROM days AS d LEFT JOIN rates AS r ON r.currency = d.currency AND r.day <= d.day
)
WHERE place = 1;
