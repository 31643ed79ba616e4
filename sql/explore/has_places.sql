-- Whether the run was made by a version that kept its users' places.
SELECT count(*) = 2 FROM duckdb_tables() WHERE database_name = 'run' AND table_name IN ('places', 'axes')
