-- How far a user (?) is from the nearest segments, the nearest first, and how probably it belongs to each.
SELECT segment, distance, probability FROM near WHERE user_id = ? ORDER BY distance, segment
