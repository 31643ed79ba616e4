-- What files of users, aliases and exclusions said about a person, and columns kept for audits.
SELECT 'attribute' AS what, name, value, ingest FROM store.attributes WHERE user_id IN (SELECT user_id FROM person)
UNION ALL
SELECT 'consent', purpose, CASE WHEN agrees THEN 'yes' ELSE 'no' END, ingest
FROM store.consents WHERE user_id IN (SELECT user_id FROM person)
UNION ALL
SELECT 'opt-out', channel, CASE WHEN stops THEN 'yes' ELSE 'no' END, ingest FROM store.opt_outs WHERE user_id IN (SELECT user_id FROM person)
UNION ALL
SELECT 'signed up', '', CAST(signed_up AS VARCHAR), ingest
FROM store.people WHERE signed_up IS NOT NULL AND user_id IN (SELECT user_id FROM person)
UNION ALL
SELECT 'alias', o.pseudonym, n.pseudonym, a.ingest
FROM store.aliases AS a
JOIN store.users AS o ON o.user_id = a.old_id
JOIN store.users AS n ON n.user_id = a.new_id
WHERE a.old_id IN (SELECT user_id FROM person) OR a.new_id IN (SELECT user_id FROM person)
UNION ALL
SELECT 'excluded', '', 'yes', ingest FROM store.excluded_users WHERE user_id IN (SELECT user_id FROM person)
ORDER BY ALL
