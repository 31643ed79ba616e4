-- rule: no_consent
-- title: Users who do not agree to analysis | 不同意分析的用户
-- The last file of users that names a person's consent to analysis counts; what a file does not name is no refusal.
WITH said AS (
    SELECT coalesce(m.new_id, c.user_id) AS person, c.ingest, c.agrees
    FROM store.consents AS c LEFT JOIN merged AS m ON m.old_id = c.user_id
    WHERE c.ingest <= (SELECT ingest FROM up_to)
      AND c.purpose IN ('analytics', 'analysis', 'profiling', 'segmentation', '分析', '画像')
)
SELECT row_id
FROM rows
WHERE person IN (
    SELECT person
    FROM said AS s
    WHERE ingest = (SELECT max(ingest) FROM said AS o WHERE o.person = s.person)
    GROUP BY person
    HAVING NOT bool_and(agrees)
)
