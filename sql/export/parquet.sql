-- assignments.parquet: the rows as they were appended. The path comes in as a variable.
COPY assignments
TO (getvariable('out'))
(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);
