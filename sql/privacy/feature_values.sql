-- What a run computed of a person.
SELECT feature, value
FROM run.feature_values
WHERE user_id IN (SELECT user_id FROM person)
ORDER BY feature, user_id
