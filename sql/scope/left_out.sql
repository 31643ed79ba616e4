-- Rows that stay events but count for no segment, by reason: a rule, no user, or a day outside the period.
SELECT CASE WHEN x.rule IS NOT NULL THEN x.rule WHEN r.unit IS NULL THEN 'unattributed' ELSE 'period' END AS reason,
       count(*) AS rows,
       CAST(coalesce(sum(CASE WHEN r.type IN ('purchase', 'renewal') THEN r.amount
                              WHEN r.type IN ('return', 'discount') THEN -r.amount END), 0) AS DOUBLE) AS amount
FROM rows AS r LEFT JOIN excluded AS x ON x.row_id = r.row_id
WHERE x.rule IS NOT NULL OR r.unit IS NULL
   OR r.day NOT BETWEEN (SELECT first_day FROM period) AND (SELECT last_day FROM period)
GROUP BY 1
ORDER BY 1
