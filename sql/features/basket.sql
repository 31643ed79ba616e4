-- family: basket
-- title: Basket | 购物篮
-- needs: purchase
-- column: aov | unit: money | topic: aov | transform: log1p | missing: median | needs: price | en: Average order value | zh: 客单价
-- column: items | unit: items | topic: items | transform: log1p | missing: median | needs: quantity | en: Pieces an order | zh: 每单件数
-- column: lines | unit: products | topic: lines | transform: log1p | missing: median | needs: product | en: Different products an order | zh: 每单商品种数
-- column: return_share | unit: % | topic: returns | transform: log1p | missing: median | needs: return | en: Lines sent back | zh: 退货率
WITH orders AS (
    SELECT user_id, order_key, sum(amount) AS amount, sum(quantity) AS pieces, count(*) AS lines,
           count(DISTINCT product_id) AS products
    FROM sales
    WHERE type = 'purchase'
    GROUP BY user_id, order_key
),
bought AS (
    SELECT user_id, count(*) AS orders, sum(amount) AS amount, sum(pieces) AS pieces,
           sum(products) AS products, sum(lines) AS lines
    FROM orders
    GROUP BY user_id
),
returned AS (
    SELECT user_id, count(*) AS lines FROM sales WHERE type = 'return' GROUP BY user_id
)
SELECT b.user_id,
       CAST(b.amount AS DOUBLE) / b.orders AS aov,
       CAST(b.pieces AS DOUBLE) / b.orders AS items,
       CAST(b.products AS DOUBLE) / b.orders AS lines,
       least(100.0 * coalesce(r.lines, 0) / b.lines, 100) AS return_share
FROM bought AS b LEFT JOIN returned AS r ON r.user_id = b.user_id
