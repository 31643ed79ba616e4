-- Whether a run keeps its geometry: older ones do not.
SELECT count(*) > 0 FROM duckdb_tables() WHERE database_name = 'run' AND table_name = 'centroids'
