-- family: breadth
-- title: Breadth and taste | 广度与偏好
-- needs: product | category
-- column: products | unit: products | topic: products | transform: log1p | missing: zero | needs: product | en: Different products | zh: 涉及商品数
-- column: categories | unit: categories | topic: categories | transform: log1p | missing: zero | needs: category | en: Different categories | zh: 涉及品类数
-- column: variety | unit: number | topic: variety | missing: median | needs: category | en: Variety of categories (entropy) | zh: 品类多样性（熵）
-- column: focus | unit: % | topic: focus | missing: median | needs: category | en: Events in the favourite category | zh: 首选品类占比
WITH products AS (
    SELECT user_id, count(*) AS products
    FROM (SELECT DISTINCT user_id, product_id FROM events WHERE product_id IS NOT NULL)
    GROUP BY user_id
),
touched AS (
    SELECT user_id, category_id, count(*) AS n FROM events WHERE category_id IS NOT NULL GROUP BY user_id, category_id
),
shares AS (
    SELECT user_id, n, CAST(n AS DOUBLE) / sum(n) OVER (PARTITION BY user_id) AS p FROM touched
),
-- Shannon's entropy; each term is made a decimal before the sum, so that the order of adding does not show.
taste AS (
    SELECT user_id, count(*) AS categories, max(p) AS top, sum(CAST(-p * ln(p) AS DECIMAL(18, 9))) AS variety
    FROM shares
    GROUP BY user_id
),
users AS (SELECT DISTINCT user_id FROM events)
SELECT u.user_id, p.products, t.categories, t.variety, 100.0 * t.top AS focus
FROM users AS u
LEFT JOIN products AS p ON p.user_id = u.user_id
LEFT JOIN taste AS t ON t.user_id = u.user_id
