-- Search texts and products that only rows which go (`gone_rows`) had named, and no catalogue lists.
CREATE TEMP TABLE used AS
SELECT DISTINCT e.query_id, e.product_id
FROM prev.events AS e
WHERE NOT EXISTS (SELECT 1 FROM gone_rows AS g WHERE g.row_id = e.row_id);
CREATE TEMP TABLE gone_queries AS
SELECT DISTINCT query_id FROM gone_rows
WHERE query_id IS NOT NULL AND query_id NOT IN (SELECT query_id FROM used WHERE query_id IS NOT NULL);
CREATE TEMP TABLE gone_products AS
SELECT DISTINCT product_id FROM gone_rows
WHERE product_id IS NOT NULL AND product_id NOT IN (SELECT product_id FROM used WHERE product_id IS NOT NULL)
  AND product_id NOT IN (SELECT product_id FROM prev.catalogue);
