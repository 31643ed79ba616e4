-- Whom no run is shown with any more, whatever it was made from: persons whose data is restricted (`restricted`), and those
-- whose last word on analysis is no. A word said after the run was made is heard too.
CREATE TEMP TABLE set_aside AS
SELECT user_id FROM restricted
UNION
SELECT user_id
FROM (
    SELECT user_id, agrees, ingest, max(ingest) OVER (PARTITION BY user_id) AS last
    FROM store.consents
    WHERE purpose IN ('analytics', 'analysis', 'profiling', 'segmentation', '分析', '画像')
)
WHERE ingest = last
GROUP BY user_id
HAVING NOT bool_and(agrees);
