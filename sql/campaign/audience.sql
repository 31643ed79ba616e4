-- What a condition on an audience reads: a row a user with its segment, and a column a feature, called as in its SQL file.
-- Recency, frequency and monetary also go by these names.
CREATE TEMP VIEW audience AS
SELECT m.segment, u.*{names}
FROM users AS u JOIN members AS m ON m.user_id = u.user_id
