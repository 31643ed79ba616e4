-- The tables of a run's file, in order of name, and whether they have a column of users.
SELECT t.table_name, bool_or(coalesce(c.column_name = 'user_id', false))
FROM duckdb_tables() AS t
LEFT JOIN duckdb_columns() AS c ON c.database_name = t.database_name AND c.table_name = t.table_name
WHERE t.database_name = 'run'
GROUP BY t.table_name
ORDER BY t.table_name
