-- All users, the highest net revenue first.
SELECT m.user_id, -coalesce(f.value, 0) AS rank
FROM members AS m LEFT JOIN feature_values AS f ON f.user_id = m.user_id AND f.feature = 'rfm.revenue'
