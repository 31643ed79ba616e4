-- The Parquet file of recommendations: the rows as they were appended. The path comes in as a variable.
COPY lists
TO (getvariable('out'))
(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);
