-- Who is in which segment of a run.
SELECT user_id, segment FROM members ORDER BY user_id
