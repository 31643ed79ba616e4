-- What files said of people beside the events: how many people, and how many of them agree. The last word counts.
WITH consents AS (
    SELECT purpose, user_id, arg_max(agrees, ingest) AS agrees FROM store.consents GROUP BY ALL
)
SELECT 'attribute' AS what, name, count(DISTINCT user_id) AS people, NULL AS agree FROM store.attributes GROUP BY name
UNION ALL
SELECT 'consent', purpose, count(*), count(*) FILTER (WHERE agrees) FROM consents GROUP BY purpose
UNION ALL
SELECT 'opt-out', channel, count(*), NULL
FROM (SELECT user_id, channel FROM store.opt_outs GROUP BY ALL HAVING max_by(stops, (ingest, stops)))
GROUP BY channel
UNION ALL
SELECT 'sign-up date', '', count(DISTINCT user_id), NULL FROM store.people WHERE signed_up IS NOT NULL HAVING count(*) > 0
ORDER BY ALL
