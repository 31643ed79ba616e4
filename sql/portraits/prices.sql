-- Sold lines of each segment by the price of a piece, in up to five bands of the shop's lines: their bounds are the
-- quintiles, each once; segment 0 is the whole shop. A band holds the prices above its lower bound, up to and with its
-- upper one.
WITH sold AS MATERIALIZED (
    SELECT m.segment, s.user_id, s.price
    FROM sales AS s JOIN members AS m ON m.user_id = s.user_id
    WHERE s.type = 'purchase' AND s.price > 0
),
bounds AS (
    SELECT list_sort(list_distinct(quantile_disc(price, [0.2, 0.4, 0.6, 0.8]))) AS bounds FROM sold
),
banded AS (
    SELECT s.segment, s.user_id, len(list_filter(b.bounds, lambda bound: bound < s.price)) AS band, count(*) AS lines
    FROM sold AS s, bounds AS b
    GROUP BY ALL
),
counted AS (
    SELECT coalesce(segment, 0) AS segment, band, CAST(sum(lines) AS BIGINT) AS lines, count(*) AS users
    FROM banded
    GROUP BY GROUPING SETS ((segment, band), (band))
)
-- The first element of a list has the number 1; there is none of number 0 and none after the last.
SELECT c.segment, c.band, c.lines, c.users,
       CAST(b.bounds[nullif(c.band, 0)] AS DOUBLE) AS from_price, CAST(b.bounds[c.band + 1] AS DOUBLE) AS to_price
FROM counted AS c, bounds AS b
ORDER BY c.segment, c.band
