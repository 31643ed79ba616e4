-- family: price
-- title: Price | 价格
-- needs: price
-- column: price_level | unit: times | topic: price_level | transform: log1p | missing: median | needs: price, category | en: Price against the category's usual one | zh: 相对品类常价的价位
-- column: price_spread | unit: times | topic: price_spread | transform: log1p | missing: median | needs: price | en: Dearest against cheapest price | zh: 最高价与最低价之比
-- column: discount_share | unit: % | topic: discount | transform: log1p | missing: median | needs: price, product, purchase | en: Purchases below the usual price | zh: 低于常价购买占比
-- Read again each time: kept at once, all events would fill the memory.
WITH priced AS NOT MATERIALIZED (
    SELECT user_id, type, product_id, category_id, price FROM events WHERE price > 0
),
usual_in_category AS (
    SELECT category_id, quantile_disc(price, 0.5) AS usual FROM priced WHERE category_id IS NOT NULL GROUP BY category_id
),
-- A product has a usual price when it was seen often enough to tell.
usual_of_product AS (
    SELECT product_id, quantile_disc(price, 0.5) AS usual
    FROM priced
    WHERE product_id IS NOT NULL
    GROUP BY product_id
    HAVING count(*) >= 5
),
levels AS (
    SELECT p.user_id, sum(CAST(p.price / u.usual AS DECIMAL(18, 4))) AS total, count(u.usual) AS n,
           CAST(max(p.price) AS DOUBLE) / min(p.price) AS price_spread
    FROM priced AS p LEFT JOIN usual_in_category AS u ON u.category_id = p.category_id
    GROUP BY p.user_id
),
discounts AS (
    SELECT p.user_id, 100.0 * count(CASE WHEN p.price < u.usual * 0.95 THEN 1 END) / count(*) AS discount_share
    FROM priced AS p JOIN usual_of_product AS u ON u.product_id = p.product_id
    WHERE p.type = 'purchase'
    GROUP BY p.user_id
)
SELECT l.user_id, CAST(l.total AS DOUBLE) / nullif(l.n, 0) AS price_level, l.price_spread, d.discount_share
FROM levels AS l LEFT JOIN discounts AS d ON d.user_id = l.user_id
