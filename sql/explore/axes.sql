-- The principal components of a run, each feature with its weight, the largest absolute one first.
SELECT axis, explained, feature, weight FROM run.axes ORDER BY axis, abs(weight) DESC, feature
