-- Whether a run keeps distances to several segments: older ones do not.
SELECT count(*) > 0 FROM duckdb_tables() WHERE database_name = 'run' AND table_name = 'nearness'
