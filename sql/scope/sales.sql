-- A return goes to its order (there to the same product first), else to the same user's latest purchase of the product
-- before it, else to none.
CREATE TEMP TABLE return_matches AS
WITH lines AS (
    SELECT row_id, unit, ts, type, order_key, product_id, amount
    FROM bookings
    WHERE type IN ('purchase', 'return')
),
of_order AS (
    SELECT row_id, purchase
    FROM (
        SELECT s.row_id, b.row_id AS purchase,
               row_number() OVER (
                   PARTITION BY s.row_id
                   ORDER BY CASE WHEN b.product_id = s.product_id THEN 0 ELSE 1 END, b.ts DESC, b.row_id DESC) AS place
        FROM lines AS s
        JOIN lines AS b ON b.unit = s.unit AND b.order_key = s.order_key AND b.type = 'purchase'
        WHERE s.type = 'return'
    )
    WHERE place = 1
),
-- Purchases of a product are numbered in their order; a return sees the highest number before it.
numbered AS (
    SELECT *, CASE WHEN type = 'purchase' THEN
                  count(CASE WHEN type = 'purchase' THEN 1 END) OVER (
                      PARTITION BY unit, product_id ORDER BY ts, type, row_id ROWS UNBOUNDED PRECEDING) END AS number
    FROM lines
    WHERE product_id IS NOT NULL
),
seen AS (
    SELECT *, max(number) OVER (
                  PARTITION BY unit, product_id ORDER BY ts, type, row_id ROWS UNBOUNDED PRECEDING) AS last_number
    FROM numbered
),
of_product AS (
    SELECT s.row_id, b.row_id AS purchase
    FROM seen AS s
    JOIN numbered AS b ON b.unit = s.unit AND b.product_id = s.product_id AND b.number = s.last_number
    WHERE s.type = 'return'
)
SELECT l.row_id, coalesce(o.purchase, p.purchase) AS purchase, l.amount
FROM lines AS l
LEFT JOIN of_order AS o ON o.row_id = l.row_id
LEFT JOIN of_product AS p ON p.row_id = l.row_id
WHERE l.type = 'return';

CREATE TEMP TABLE sent_back AS
SELECT purchase AS row_id, sum(amount) AS amount FROM return_matches WHERE purchase IS NOT NULL GROUP BY purchase;

-- Lines of sales before returns. An order is the shop's own; where it names none, all that a user buys in one session,
-- or else on one day, is one order.
CREATE TEMP VIEW sale_lines AS
SELECT c.row_id, c.unit, c.ts, c.day, c.type, c.product_id, c.category_id, c.price, c.quantity,
       coalesce(c.order_key, c.session_key, c.day - DATE '1970-01-01') AS order_key,
       c.amount, coalesce(b.amount, 0) AS sent_back
FROM bookings AS c LEFT JOIN sent_back AS b ON b.row_id = c.row_id;

-- Orders of which everything came back: nothing was bought.
CREATE TEMP TABLE undone_orders AS
SELECT unit, order_key
FROM sale_lines
WHERE type = 'purchase'
GROUP BY unit, order_key
HAVING sum(amount) > 0 AND sum(sent_back) >= sum(amount);

-- What sold, net: a purchase less what came back of it; a return only where no purchase bears it. Types are purchase,
-- return, renewal, discount (a line of its own), and undone (a purchase of which all came back).
CREATE TEMP VIEW sales AS
SELECT l.unit AS user_id, l.ts, l.day,
       CASE WHEN l.type = 'purchase' AND u.unit IS NOT NULL THEN 'undone' ELSE l.type END AS type,
       l.product_id, l.category_id, l.price, l.quantity, l.order_key,
       CASE l.type WHEN 'return' THEN CASE WHEN m.purchase IS NULL THEN -l.amount ELSE 0 END
                   WHEN 'discount' THEN -l.amount
                   ELSE l.amount - l.sent_back END AS amount
FROM sale_lines AS l
LEFT JOIN return_matches AS m ON m.row_id = l.row_id
LEFT JOIN undone_orders AS u ON u.unit = l.unit AND u.order_key = l.order_key
WHERE l.day >= (SELECT first_day FROM period);

-- When users signed up, by the last file of users that names a day for them, up to the end of the period.
CREATE TEMP VIEW sign_ups AS
SELECT user_id, day
FROM (
    SELECT coalesce(m.new_id, s.user_id) AS user_id, s.signed_up AS day,
           row_number() OVER (PARTITION BY coalesce(m.new_id, s.user_id) ORDER BY s.ingest DESC, s.signed_up) AS place
    FROM store.people AS s LEFT JOIN merged AS m ON m.old_id = s.user_id
    WHERE s.signed_up IS NOT NULL AND s.ingest <= (SELECT ingest FROM up_to) AND (SELECT unit FROM unit) = 'user'
)
WHERE place = 1 AND day <= (SELECT last_day FROM period);
