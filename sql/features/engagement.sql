-- family: engagement
-- title: Engagement and conversion funnel | 互动与转化漏斗
-- needs: view | cart | session
-- column: sessions | unit: sessions | topic: sessions | transform: log1p | missing: zero | needs: session | en: Sessions | zh: 会话数
-- column: views | unit: views | topic: views | transform: log1p | missing: zero | needs: view | en: Product views | zh: 商品浏览数
-- column: carts | unit: carts | topic: carts | transform: log1p | missing: zero | needs: cart | en: Cart additions | zh: 加购次数
-- column: view_to_cart | unit: % | topic: view_to_cart | missing: median | needs: view, cart | en: Views that lead to the cart | zh: 浏览加购率
-- column: cart_to_purchase | unit: % | topic: cart_to_purchase | missing: median | needs: cart, purchase | en: Cart additions that are bought | zh: 加购购买率
-- column: conversion | unit: % | topic: conversion | missing: median | needs: session, purchase | en: Sessions with a purchase | zh: 会话购买率
WITH counts AS (
    SELECT user_id,
           count(CASE WHEN type = 'view' THEN 1 END) AS views,
           count(CASE WHEN type = 'cart' THEN 1 END) AS carts,
           count(CASE WHEN type = 'purchase' THEN 1 END) AS purchases
    FROM events
    GROUP BY user_id
),
sessions AS (
    SELECT user_id, count(*) AS sessions, count(CASE WHEN bought > 0 THEN 1 END) AS buying
    FROM (
        SELECT user_id, session_key, count(CASE WHEN type = 'purchase' THEN 1 END) AS bought
        FROM events
        WHERE session_key IS NOT NULL
        GROUP BY user_id, session_key
    )
    GROUP BY user_id
)
SELECT c.user_id,
       s.sessions,
       c.views,
       c.carts,
       least(100.0 * c.carts / nullif(c.views, 0), 100) AS view_to_cart,
       least(100.0 * c.purchases / nullif(c.carts, 0), 100) AS cart_to_purchase,
       100.0 * s.buying / s.sessions AS conversion
FROM counts AS c LEFT JOIN sessions AS s ON s.user_id = c.user_id
