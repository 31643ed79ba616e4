-- What users bought, or looked at ({what}), from `cut.now` on and before `cut.until`.
SELECT DISTINCT user_id, product_id
FROM events
WHERE product_id IS NOT NULL AND type IN ({what}) AND ts >= (SELECT now FROM cut) AND ts < (SELECT until FROM cut)
ORDER BY user_id, product_id
