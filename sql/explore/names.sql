-- The features that a run has values of.
SELECT DISTINCT feature FROM run.feature_values ORDER BY feature
