-- What the data holds: event types and columns that a feature may need.
SELECT bool_or(type = 'view') AS "view",
       bool_or(type = 'search') AS search,
       bool_or(type = 'cart') AS cart,
       bool_or(type = 'favourite') AS favourite,
       bool_or(type = 'purchase') AS purchase,
       bool_or(type = 'return') AS "return",
       bool_or(price > 0) AS price,
       bool_or(quantity <> 1) AS quantity,
       bool_or(category_id IS NOT NULL) AS category,
       bool_or(product_id IS NOT NULL) AS product,
       bool_or(session_key IS NOT NULL) AS session,
       bool_or(query_id IS NOT NULL) AS query,
       bool_or(CAST(ts AS TIME) <> TIME '00:00:00') AS clock,
       max(day) - min(day) >= 14 AS days,
       (SELECT count(*) > 0 FROM sign_ups) AS signup
FROM events
