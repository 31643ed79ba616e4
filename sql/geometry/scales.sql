-- How the features of a run come onto one scale, in the order of its matrix.
SELECT feature, fill, low, high, transform, center, factor FROM run.scales ORDER BY position
