-- What the data holds: event types and columns that a feature may need.
WITH counted AS (
    SELECT sum(views) > 0 AS "view", sum(searches) > 0 AS search, sum(carts) > 0 AS cart, sum(favourites) > 0 AS favourite,
           sum(purchases) > 0 AS purchase, sum(returns) > 0 AS "return", sum(categories) > 0 AS category,
           sum(products) > 0 AS product, sum(sessions) > 0 AS session, max(last_day) - min(first_day) >= 14 AS days
    FROM activity
),
seen AS (
    SELECT bool_or(price > 0) AS price, bool_or(quantity <> 1) AS quantity, bool_or(query_id IS NOT NULL) AS query,
           bool_or(CAST(ts AS TIME) <> TIME '00:00:00') AS clock
    FROM events
)
SELECT c.*, s.*, (SELECT count(*) > 0 FROM sign_ups) AS signup
FROM counted AS c CROSS JOIN seen AS s
