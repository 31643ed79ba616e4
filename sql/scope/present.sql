-- The columns of `rows` that not every shop has: name, type, whether a row has a value in it.
SELECT name, type, is_here
FROM (
    VALUES
        ('order_key', 'BIGINT', EXISTS (SELECT 1 FROM rows WHERE order_key IS NOT NULL)),
        ('session_key', 'BIGINT', EXISTS (SELECT 1 FROM rows WHERE session_key IS NOT NULL)),
        ('product_id', 'INTEGER', EXISTS (SELECT 1 FROM rows WHERE product_id IS NOT NULL)),
        ('category_id', 'INTEGER', EXISTS (SELECT 1 FROM rows WHERE category_id IS NOT NULL)),
        ('query_id', 'INTEGER', EXISTS (SELECT 1 FROM rows WHERE query_id IS NOT NULL)),
        ('price', 'DECIMAL(18, 4)', EXISTS (SELECT 1 FROM rows WHERE price IS NOT NULL)),
        ('source', 'VARCHAR', EXISTS (SELECT 1 FROM rows WHERE source IS NOT NULL)),
        ('country', 'VARCHAR', EXISTS (SELECT 1 FROM rows WHERE country IS NOT NULL)),
        ('currency', 'VARCHAR', EXISTS (SELECT 1 FROM rows WHERE currency IS NOT NULL))
) AS columns (name, type, is_here)
