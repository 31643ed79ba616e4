-- Feature values of every ?th user of a run that has a centroid, in the order of the users.
SELECT f.user_id, f.feature, f.value
FROM feature_values AS f
JOIN (SELECT user_id, row_number() OVER (ORDER BY user_id) AS place FROM members WHERE distance IS NOT NULL) AS m
  ON m.user_id = f.user_id
WHERE m.place % ? = 0
ORDER BY f.user_id
