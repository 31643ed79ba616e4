-- The features of a user.
SELECT feature, value FROM feature_values WHERE user_id = ?
