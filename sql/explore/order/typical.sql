-- Users who have a centroid, the nearest to their own first: the first of a segment is its medoid, the user from whom the
-- squared distances to all its others add up to the least.
SELECT user_id, distance AS rank FROM members WHERE distance IS NOT NULL
