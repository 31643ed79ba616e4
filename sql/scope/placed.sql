-- Events of the users from one to another, user by user; types by their place in event_types.sql.
SELECT place, CAST(unit AS INTEGER) AS unit, CAST(enum_code(type) AS INTEGER) AS type,
       CAST(product_id AS INTEGER) AS product_id, CAST(category_id AS INTEGER) AS category_id,
       CAST(query_id AS INTEGER) AS query_id, CAST(epoch_us(ts) AS BIGINT) AS at, CAST(session_key AS BIGINT) AS session_key
FROM scope.placed
WHERE unit >= ?1 AND unit < ?2
ORDER BY unit
