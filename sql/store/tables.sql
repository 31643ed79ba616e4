-- The tables of an open database.
SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND NOT internal ORDER BY 1
