-- What each user did with each product up to `cut.now`: on how many days bought and kept, how often looked at, when first and
-- last (seconds since the first event), and whether it went back after the last purchase. The latest 300 products of a user.
WITH marks AS (
    SELECT user_id, product_id, count(DISTINCT day) AS days, 0 AS looks, min(ts) AS first_bought, max(ts) AS last_bought,
           CAST(NULL AS TIMESTAMP) AS last_looked, CAST(NULL AS TIMESTAMP) AS last_back
    FROM sales
    WHERE type = 'purchase' AND product_id IS NOT NULL AND ts < (SELECT now FROM cut)
    GROUP BY user_id, product_id
    UNION ALL
    SELECT user_id, product_id, 0, count(*), NULL, NULL, max(ts), NULL
    FROM events
    WHERE type IN ('view', 'cart', 'favourite') AND product_id IS NOT NULL AND ts < (SELECT now FROM cut)
    GROUP BY user_id, product_id
    UNION ALL
    SELECT user_id, product_id, 0, 0, NULL, NULL, NULL, max(ts)
    FROM sales
    WHERE type IN ('return', 'undone') AND product_id IS NOT NULL AND ts < (SELECT now FROM cut)
    GROUP BY user_id, product_id
),
whole AS (
    SELECT user_id, product_id, max(days) AS days, sum(looks) AS looks, max(first_bought) AS first_bought,
           max(last_bought) AS last_bought, max(last_looked) AS last_looked, max(last_back) AS last_back
    FROM marks
    GROUP BY user_id, product_id
),
ranked AS (
    SELECT *, row_number() OVER (
                  PARTITION BY user_id
                  ORDER BY greatest(coalesce(last_bought, last_looked, last_back), coalesce(last_looked, last_bought, last_back)) DESC,
                           product_id) AS place
    FROM whole
)
SELECT r.user_id, r.product_id, CAST(least(r.days, 60000) AS INTEGER) AS days, CAST(least(r.looks, 60000) AS INTEGER) AS looks,
       coalesce(date_diff('second', c.start, r.first_bought), 0) AS first_bought,
       coalesce(date_diff('second', c.start, r.last_bought), 0) AS last_bought,
       coalesce(date_diff('second', c.start, r.last_looked), 0) AS last_looked,
       r.last_back IS NOT NULL AND (r.last_bought IS NULL OR r.last_back >= r.last_bought) AS is_returned
FROM ranked AS r CROSS JOIN cut AS c
WHERE r.place <= 300
ORDER BY r.user_id, r.product_id
