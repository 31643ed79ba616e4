-- An event in the light of a run: what it is, whose, whether it counts, and where a return went.
WITH files AS (
    SELECT ingest, unnest(names) AS name, unnest(range(len(names))) AS file
    FROM (SELECT ingest, string_split(files, chr(10)) AS names FROM store.ingests)
)
SELECT r.type, CAST(r.ts AS VARCHAR) AS ts, CAST(r.amount AS DOUBLE) AS amount, coalesce(p.name, p.code) AS product,
       u.pseudonym,
       CASE WHEN r.unit IS NULL THEN NULL WHEN (SELECT unit FROM unit) <> 'user' THEN NULL
            WHEN e.user_id IS NULL THEN 'device' WHEN e.user_id <> r.person THEN 'alias' END AS through,
       x.rule,
       r.day < (SELECT first_day FROM period) OR r.day > (SELECT last_day FROM period) AS is_outside,
       m.row_id IS NOT NULL AS is_return,
       f.name || ':' || b.line AS purchase,
       (SELECT min(f2.name || ':' || s.line)
        FROM store.events AS s JOIN files AS f2 ON f2.ingest = s.ingest AND f2.file = s.file
        WHERE x.rule = 'superseded' AND s.order_key = e.order_key AND s.product_id = e.product_id
          AND s.order_line = e.order_line
          AND s.row_id NOT IN (SELECT row_id FROM excluded WHERE rule = 'superseded')) AS superseded_by,
       n.segment
FROM rows AS r
JOIN store.events AS e ON e.row_id = r.row_id
LEFT JOIN products AS p ON p.product_id = r.product_id
LEFT JOIN store.users AS u ON u.user_id = r.unit
LEFT JOIN excluded AS x ON x.row_id = r.row_id
LEFT JOIN return_matches AS m ON m.row_id = r.row_id
LEFT JOIN store.events AS b ON b.row_id = m.purchase
LEFT JOIN files AS f ON f.ingest = b.ingest AND f.file = b.file
LEFT JOIN members AS n ON n.user_id = r.unit
WHERE r.row_id = ?
