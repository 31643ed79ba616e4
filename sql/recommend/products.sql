-- What products are called, their category, and whether the catalogue read last lacks them or has none in stock (no
-- catalogue, no word against them).
WITH current AS (
    SELECT product_id, stock
    FROM store.catalogue
    WHERE ingest = (SELECT max(ingest) FROM store.catalogue WHERE ingest <= (SELECT ingest FROM up_to))
)
SELECT p.product_id, p.code, p.name, p.category_id, k.name AS category,
       EXISTS (SELECT 1 FROM current) AND (c.product_id IS NULL OR coalesce(c.stock <= 0, false)) AS is_out
FROM products AS p
LEFT JOIN current AS c ON c.product_id = p.product_id
LEFT JOIN categories AS k ON k.category_id = p.category_id
ORDER BY p.product_id
