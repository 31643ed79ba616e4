-- Who wants no word by a channel ('*': by none, since they do not agree to marketing), whatever the run was made from: a word said
-- since then is heard too. An opt-out stands until a later file says the opposite: one that does not repeat it lifts nothing,
-- since it may not name the channel at all. Of consents the last file that names a person's consent to marketing counts.
WITH said AS (
    SELECT coalesce(m.new_id, c.user_id) AS user_id, c.ingest, c.agrees
    FROM store.consents AS c LEFT JOIN merged AS m ON m.old_id = c.user_id
    WHERE lower(c.purpose) IN ('marketing', 'advertising', 'ads', 'personalisation', 'personalization', '营销', '广告', '推广')
)
SELECT coalesce(m.new_id, o.user_id) AS user_id, o.channel
FROM store.opt_outs AS o LEFT JOIN merged AS m ON m.old_id = o.user_id
GROUP BY ALL
HAVING max_by(o.stops, (o.ingest, o.stops))
UNION
SELECT s.user_id, '*'
FROM said AS s
WHERE NOT s.agrees AND s.ingest = (SELECT max(ingest) FROM said AS l WHERE l.user_id = s.user_id)
ORDER BY 1, 2
