-- segments: RFM grid | RFM 网格
-- 1: Top spenders, recent | 近期高消费
-- 2: Recent, many orders | 近期多单
-- 3: Recent, a few orders | 近期少量复购
-- 4: Recent, one order | 近期首单
-- 5: Cooling, many orders | 渐冷多单
-- 6: Cooling, a few orders | 渐冷少量复购
-- 7: Cooling, one order | 渐冷单次
-- 8: Lapsed, many orders | 久未购买多单
-- 9: Lapsed, a few orders | 久未购买少量复购
-- 10: Lapsed, one order | 久未购买单次
-- 11: No order yet | 尚未下单
-- Recency, frequency and monetary value in a grid. `users` has a row for each user and a column for each feature; the
-- first WHEN that holds is the user's segment, so the order of the lines decides and nobody is in two.
--
-- The cut points: change them here. Those of days and money follow the shop's own buyers (a third bought more recently
-- than `recent`, two thirds than `cooling`; a tenth spent `top` or more); plain numbers, such as 30 AS recent, do too.
WITH cuts AS (
    SELECT quantile_disc(recency_days, 0.33) AS recent,
           quantile_disc(recency_days, 0.67) AS cooling,
           quantile_disc(revenue, 0.90) AS top,
           4 AS many,
           2 AS a_few
    FROM users
    WHERE orders > 0
)
SELECT user_id,
       CASE
           WHEN coalesce(orders, 0) = 0 THEN 11
           WHEN recency_days <= recent AND orders >= a_few AND revenue >= top THEN 1
           WHEN recency_days <= recent AND orders >= many THEN 2
           WHEN recency_days <= recent AND orders >= a_few THEN 3
           WHEN recency_days <= recent THEN 4
           WHEN recency_days <= cooling AND orders >= many THEN 5
           WHEN recency_days <= cooling AND orders >= a_few THEN 6
           WHEN recency_days <= cooling THEN 7
           WHEN orders >= many THEN 8
           WHEN orders >= a_few THEN 9
           ELSE 10
       END AS segment
FROM users CROSS JOIN cuts
