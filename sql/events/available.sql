-- What the data holds: event types and columns that a feature may need.
SELECT sum(views) > 0 AS "view", sum(searches) > 0 AS search, sum(carts) > 0 AS cart, sum(favourites) > 0 AS favourite,
       sum(purchases) > 0 AS purchase, sum(returns) > 0 AS "return", sum(categories) > 0 AS category,
       sum(products) > 0 AS product, sum(sessions) > 0 AS session, max(last_day) - min(first_day) >= 14 AS days,
       EXISTS (SELECT 1 FROM events WHERE price > 0) AS price,
       EXISTS (SELECT 1 FROM events WHERE quantity <> 1) AS quantity,
       EXISTS (SELECT 1 FROM events WHERE query_id IS NOT NULL) AS query,
       EXISTS (SELECT 1 FROM events WHERE CAST(ts AS TIME) <> TIME '00:00:00') AS clock,
       EXISTS (SELECT 1 FROM sign_ups) AS signup
FROM activity
