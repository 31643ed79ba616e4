-- family: signup
-- title: Since they signed up | 注册以来
-- needs: signup
-- column: days | unit: days | transform: log1p | missing: median | en: Days since sign-up | zh: 注册至今的天数
-- column: first_purchase_days | unit: days | transform: log1p | missing: median | needs: purchase | en: Days from sign-up to the first purchase | zh: 注册到首次购买的天数
-- Of who signed up before the period the first purchase is not known.
SELECT s.user_id, p.last_day - s.day AS days,
       CASE WHEN s.day >= p.first_day AND b.first_day IS NOT NULL
            THEN greatest(b.first_day - s.day, 0) END AS first_purchase_days
FROM sign_ups AS s
CROSS JOIN period AS p
LEFT JOIN (SELECT user_id, min(day) AS first_day FROM sales WHERE type = 'purchase' GROUP BY user_id) AS b
    ON b.user_id = s.user_id
WHERE s.user_id IN (SELECT user_id FROM activity)
