-- Seconds from the first event to just after the last, and how many product keys there may be.
SELECT CAST(coalesce(date_diff('second', min(ts), max(ts)), 0) AS BIGINT) + 1,
       CAST(coalesce((SELECT max(product_id) FROM products), -1) AS BIGINT) + 1
FROM events
