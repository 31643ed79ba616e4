-- family: mine
-- title: Mine | 我的
-- needs: purchase | view
-- column: a | unit: money | topic: aov | transform: log1p | missing: median | needs: price | en: A | zh: 甲
SELECT user_id, 1 AS a FROM sales GROUP BY user_id
