-- The source that most of a user's events came through.
SELECT user_id, source AS value
FROM (SELECT user_id, source, count(*) AS events FROM events WHERE source IS NOT NULL GROUP BY user_id, source)
QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY events DESC, source) = 1
ORDER BY user_id
