-- rule: listed
-- title: Users of the exclusion list | 排除名单中的用户
WITH listed AS (
    SELECT x.user_id FROM store.excluded_users AS x WHERE x.ingest <= (SELECT ingest FROM up_to)
    UNION
    SELECT m.new_id
    FROM store.excluded_users AS x JOIN merged AS m ON m.old_id = x.user_id
    WHERE x.ingest <= (SELECT ingest FROM up_to)
)
SELECT row_id FROM rows WHERE person IN (SELECT user_id FROM listed)
