-- A Parquet file as text, row by row in its order.
SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)
