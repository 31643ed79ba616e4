-- The centroids of a run's segments, feature by feature in the order of its matrix.
SELECT segment, value FROM run.centroids ORDER BY segment, position
