-- Who wants no word by a channel ('*': by none, since they do not agree to marketing). Of each user the file of users read last
-- counts, whatever the run was made from: a word said since then is heard too.
WITH people AS (
    SELECT coalesce(m.new_id, p.user_id) AS user_id, p.user_id AS own_id, p.ingest
    FROM store.people AS p LEFT JOIN merged AS m ON m.old_id = p.user_id
),
last_word AS (
    SELECT user_id, max(ingest) AS ingest FROM people GROUP BY user_id
),
lines AS (
    SELECT p.user_id, p.own_id, p.ingest
    FROM people AS p JOIN last_word AS l ON l.user_id = p.user_id AND l.ingest = p.ingest
)
SELECT l.user_id, o.channel
FROM lines AS l JOIN store.opt_outs AS o ON o.user_id = l.own_id AND o.ingest = l.ingest
UNION
SELECT l.user_id, '*'
FROM lines AS l JOIN store.consents AS c ON c.user_id = l.own_id AND c.ingest = l.ingest
WHERE NOT c.agrees
  AND lower(c.purpose) IN ('marketing', 'advertising', 'ads', 'personalisation', 'personalization', '营销', '广告', '推广')
ORDER BY 1, 2
