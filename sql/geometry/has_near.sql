-- Whether a run keeps distances to several segments, with probabilities: older ones do not.
SELECT count(*) > 0 FROM duckdb_columns() WHERE database_name = 'run' AND table_name = 'nearness' AND column_name = 'probability'
