-- rule: superseded
-- title: Superseded rows | 已被更新的行
-- A later row with the same order, product and line number says it anew.
SELECT row_id
FROM (
    SELECT row_id, row_number() OVER (PARTITION BY order_key, product_id, order_line ORDER BY row_id DESC) AS place
    FROM rows
    WHERE order_key IS NOT NULL AND product_id IS NOT NULL AND order_line IS NOT NULL
      AND type IN ('purchase', 'return', 'renewal')
)
WHERE place > 1
