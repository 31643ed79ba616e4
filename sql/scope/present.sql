-- The columns of `rows` that not every shop has: name, type, whether a row has a value in it.
SELECT 'order_key' AS name, 'BIGINT' AS type, EXISTS (SELECT 1 FROM rows WHERE order_key IS NOT NULL) AS is_here
UNION ALL
SELECT 'session_key', 'BIGINT', EXISTS (SELECT 1 FROM rows WHERE session_key IS NOT NULL)
UNION ALL
SELECT 'product_id', 'INTEGER', EXISTS (SELECT 1 FROM rows WHERE product_id IS NOT NULL)
UNION ALL
SELECT 'category_id', 'INTEGER', EXISTS (SELECT 1 FROM rows WHERE category_id IS NOT NULL)
UNION ALL
SELECT 'query_id', 'INTEGER', EXISTS (SELECT 1 FROM rows WHERE query_id IS NOT NULL)
UNION ALL
SELECT 'price', 'DECIMAL(18, 4)', EXISTS (SELECT 1 FROM rows WHERE price IS NOT NULL)
UNION ALL
SELECT 'source', 'VARCHAR', EXISTS (SELECT 1 FROM rows WHERE source IS NOT NULL)
UNION ALL
SELECT 'country', 'VARCHAR', EXISTS (SELECT 1 FROM rows WHERE country IS NOT NULL)
UNION ALL
SELECT 'currency', 'VARCHAR', EXISTS (SELECT 1 FROM rows WHERE currency IS NOT NULL)
