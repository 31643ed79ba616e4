-- What the prompt can read, a row a column: the plain views first, then the store's own tables, then the run's.
SELECT CASE WHEN database_name = 'memory' THEN '' ELSE database_name || '.' END || table_name AS name, column_name, data_type
FROM duckdb_columns()
WHERE database_name IN ('memory', 'store', 'run') AND schema_name = 'main' AND NOT internal
ORDER BY CASE database_name WHEN 'memory' THEN 0 WHEN 'store' THEN 1 ELSE 2 END, table_name, column_index
