-- family: engagement
-- title: Engagement and conversion funnel | 互动与转化漏斗
-- needs: view | cart | session
-- column: sessions | unit: sessions | topic: sessions | transform: log1p | missing: zero | needs: session | en: Sessions | zh: 会话数
-- column: views | unit: views | topic: views | transform: log1p | missing: zero | needs: view | en: Product views | zh: 商品浏览数
-- column: carts | unit: carts | topic: carts | transform: log1p | missing: zero | needs: cart | en: Cart additions | zh: 加购次数
-- column: view_to_cart | unit: % | topic: view_to_cart | missing: median | needs: view, cart | en: Views that lead to the cart | zh: 浏览加购率
-- column: cart_to_purchase | unit: % | topic: cart_to_purchase | missing: median | needs: cart, purchase | en: Cart additions that are bought | zh: 加购购买率
-- column: conversion | unit: % | topic: conversion | missing: median | needs: session, purchase | en: Sessions with a purchase | zh: 会话购买率
WITH bought AS (
    SELECT user_id, count(DISTINCT session_key) AS sessions FROM events WHERE type = 'purchase' GROUP BY user_id
)
SELECT a.user_id,
       a.sessions,
       a.views,
       a.carts,
       least(100.0 * a.carts / nullif(a.views, 0), 100) AS view_to_cart,
       least(100.0 * a.purchases / nullif(a.carts, 0), 100) AS cart_to_purchase,
       100.0 * coalesce(b.sessions, 0) / nullif(a.sessions, 0) AS conversion
FROM activity AS a LEFT JOIN bought AS b ON b.user_id = a.user_id
