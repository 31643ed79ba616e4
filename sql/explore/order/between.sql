-- Users between segments, the least sure first: no segment has them with a probability of 60%.
SELECT user_id, max(probability) AS rank FROM near GROUP BY user_id HAVING max(probability) < 0.6
