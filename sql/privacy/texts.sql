-- Texts that nobody has any more once `gone_rows` are gone: search texts, their words, codes and names of products.
WITH words AS (
    SELECT q.query_id, unnest(string_split(q.query, ' ')) AS word FROM prev.queries AS q
)
SELECT query FROM prev.queries WHERE query_id IN (SELECT query_id FROM gone_queries)
UNION
SELECT word FROM words
GROUP BY word
HAVING bool_and(query_id IN (SELECT query_id FROM gone_queries))
UNION
SELECT unnest([code, name]) FROM prev.products WHERE product_id IN (SELECT product_id FROM gone_products)
ORDER BY 1
