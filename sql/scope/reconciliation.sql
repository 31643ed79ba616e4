-- From all that was sold to what the segments count: gross less tax and shipping, discounts, returns, excluded rows and
-- rows without a user is net. All rows within the period.
WITH lines AS (
    SELECT r.type, x.rule, r.unit, coalesce(r.gross, 0) AS gross, r.taxes, r.discount, r.refund, r.amount,
           x.rule IS NULL AND r.unit IS NOT NULL AS is_counted
    FROM rows AS r LEFT JOIN excluded AS x ON x.row_id = r.row_id
    WHERE r.day BETWEEN (SELECT first_day FROM period) AND (SELECT last_day FROM period)
      AND r.type IN ('purchase', 'return', 'renewal', 'discount')
),
parts AS (
    SELECT rule, unit, is_counted,
           CASE WHEN type IN ('purchase', 'renewal') THEN gross ELSE 0 END AS gross,
           CASE WHEN type IN ('purchase', 'renewal') THEN taxes ELSE 0 END AS taxes,
           CASE type WHEN 'discount' THEN amount WHEN 'return' THEN 0 ELSE discount END AS discounts,
           CASE type WHEN 'return' THEN amount WHEN 'discount' THEN 0 ELSE refund END AS returns
    FROM lines
),
-- Of those who count, returns are where they landed: within the period or before it.
sold AS (SELECT coalesce(sum(amount), 0) AS net FROM sales),
sums AS (
    SELECT coalesce(sum(gross), 0) AS gross, coalesce(sum(taxes), 0) AS taxes, coalesce(sum(discounts), 0) AS discounts,
           coalesce(sum(CASE WHEN NOT is_counted THEN returns END), 0) AS other_returns,
           coalesce(sum(CASE WHEN rule IS NOT NULL THEN gross - taxes - discounts - returns END), 0) AS excluded,
           coalesce(sum(CASE WHEN rule IS NULL AND unit IS NULL THEN gross - taxes - discounts - returns END), 0)
               AS unattributed,
           coalesce(sum(CASE WHEN is_counted THEN gross - taxes - discounts END), 0) AS counted
    FROM parts
)
SELECT CAST(s.gross AS DOUBLE) AS gross,
       CAST(s.taxes AS DOUBLE) AS tax_and_shipping,
       CAST(s.discounts AS DOUBLE) AS discounts,
       CAST(s.other_returns + s.counted - sold.net AS DOUBLE) AS returns,
       CAST(s.excluded AS DOUBLE) AS excluded,
       CAST(s.unattributed AS DOUBLE) AS unattributed,
       CAST(sold.net AS DOUBLE) AS net,
       (SELECT count(*) FROM return_matches AS m WHERE m.purchase IS NULL) AS unmatched_returns,
       CAST((SELECT coalesce(sum(amount), 0) FROM return_matches AS m WHERE m.purchase IS NULL) AS DOUBLE)
           AS unmatched_amount,
       (SELECT count(*) FROM return_matches) AS returned_lines
FROM sums AS s, sold
