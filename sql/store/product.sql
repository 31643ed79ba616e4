-- A product of the catalogue, by its code or its name.
SELECT coalesce(c.name, p.name, p.code) AS name, k.name AS category, c.brand, CAST(c.price AS DOUBLE) AS price, c.currency,
       c.attributes
FROM store.catalogue AS c
JOIN store.products AS p ON p.product_id = c.product_id
LEFT JOIN store.categories AS k ON k.category_id = coalesce(c.category_id, p.category_id)
WHERE c.ingest = (SELECT max(ingest) FROM store.catalogue) AND (p.code = ? OR c.name = ?)
ORDER BY p.code = ? DESC, p.product_id
LIMIT 1
