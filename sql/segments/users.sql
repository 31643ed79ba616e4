-- A row a user, a column a feature (null where it is missing): what the SQL of segments by rule reads.
CREATE TEMP TABLE users AS
SELECT m.user_id{columns}
FROM (
{everybody}
) AS m LEFT JOIN feature_values AS f ON f.user_id = m.user_id
GROUP BY m.user_id
