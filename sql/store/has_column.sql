-- Whether the run's table ? has the column ?: runs of older versions lack some.
SELECT count(*) > 0 FROM duckdb_columns() WHERE database_name = 'run' AND table_name = ? AND column_name = ?
