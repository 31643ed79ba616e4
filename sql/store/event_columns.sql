-- The columns of events, in order: name, type as it is read, type in the file, whether every store has it (the others only
-- where a row has a value), and whether the database ? has it.
WITH columns (place, name, type, is_always) AS (
    VALUES
        (1, 'row_id', 'BIGINT', true), (2, 'ingest', 'INTEGER', true), (3, 'file', 'INTEGER', true),
        (4, 'line', 'BIGINT', true), (5, 'user_id', 'INTEGER', true), (6, 'account_id', 'INTEGER', false),
        (7, 'device_id', 'INTEGER', false), (8, 'unit_id', 'INTEGER', false), (9, 'ts', 'TIMESTAMP', true),
        (10, 'type', 'VARCHAR', true), (11, 'status', 'VARCHAR', false), (12, 'order_key', 'BIGINT', false),
        (13, 'order_line', 'BIGINT', false), (14, 'product_id', 'INTEGER', false), (15, 'category_id', 'INTEGER', false),
        (16, 'price', 'DECIMAL(18, 4)', false), (17, 'quantity', 'DECIMAL(18, 3)', false),
        (18, 'total', 'DECIMAL(18, 4)', false), (19, 'discount', 'DECIMAL(18, 4)', false),
        (20, 'tax', 'DECIMAL(18, 4)', false), (21, 'shipping', 'DECIMAL(18, 4)', false),
        (22, 'refund', 'DECIMAL(18, 4)', false), (23, 'currency', 'VARCHAR', false), (24, 'query_id', 'INTEGER', false),
        (25, 'session_key', 'BIGINT', false), (26, 'source', 'VARCHAR', false), (27, 'country', 'VARCHAR', false)
)
SELECT c.name, c.type, CASE c.name WHEN 'type' THEN '{types}' ELSE c.type END AS kept, c.is_always,
       h.column_name IS NOT NULL AS is_here
FROM columns AS c
LEFT JOIN duckdb_columns() AS h ON h.database_name = ? AND h.table_name = 'events' AND h.column_name = c.name
ORDER BY c.place
