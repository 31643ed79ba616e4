-- family: rfm
-- title: Recency, frequency, monetary value | 最近购买、频次与金额
-- needs: purchase
-- column: recency_days | unit: days | topic: recency | transform: log1p | missing: max | needs: days | en: Days since the last purchase | zh: 距上次购买的天数
-- column: orders | unit: orders | topic: orders | transform: log1p | missing: zero | en: Orders | zh: 订单数
-- column: revenue | unit: money | topic: revenue | transform: log1p | missing: zero | needs: price | en: Revenue per customer | zh: 人均销售额
SELECT user_id,
       max(p.last_day) - max(CASE WHEN type = 'purchase' THEN day END) AS recency_days,
       count(DISTINCT CASE WHEN type = 'purchase' THEN order_key END) AS orders,
       sum(amount) AS revenue
FROM sales CROSS JOIN period AS p
GROUP BY user_id
