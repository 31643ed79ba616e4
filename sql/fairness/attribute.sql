-- What is known of users' attribute ? (kept at ingest for audits, no feature): of each user the value that was said last.
SELECT user_id, value
FROM (
    SELECT coalesce(m.new_id, a.user_id) AS user_id, a.value, a.ingest
    FROM store.attributes AS a LEFT JOIN merged AS m ON m.old_id = a.user_id
    WHERE a.name = ? AND a.ingest <= (SELECT ingest FROM up_to)
)
QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY ingest DESC, value) = 1
ORDER BY user_id
