-- How far a user (?) is from the nearest segments, the nearest first.
SELECT segment, distance FROM run.nearness WHERE user_id = ? ORDER BY distance, segment
