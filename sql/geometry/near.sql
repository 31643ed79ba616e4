-- How far users are from their nearest segments, and how probably they belong to each.
CREATE TEMP VIEW near AS SELECT user_id, segment, distance, probability FROM run.nearness
