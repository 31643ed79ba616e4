-- Every row that is an event, with whose it is and what it brought, in the run's currency; what the rules of
-- sql/exclude read. `amount` is what the row moves after tax, shipping and discount: of a purchase less what its own row
-- says was paid back, of a return what went back. An amount that no number can hold is none.

-- The last word of the catalogues about a product: what it is called, and the category of events that tell none.
CREATE TEMP TABLE listed AS
SELECT product_id, name, category_id
FROM (
    SELECT product_id, name, category_id, row_number() OVER (PARTITION BY product_id ORDER BY ingest DESC) AS place
    FROM store.catalogue
    WHERE ingest <= (SELECT ingest FROM up_to)
)
WHERE place = 1;

CREATE TEMP VIEW products AS
SELECT p.product_id, p.code, coalesce(l.name, p.name) AS name, coalesce(l.category_id, p.category_id) AS category_id
FROM store.products AS p LEFT JOIN listed AS l ON l.product_id = p.product_id;
CREATE TEMP VIEW categories AS SELECT * FROM store.categories;
CREATE TEMP VIEW queries AS SELECT * FROM store.queries;

-- Lines that a till books as a product named "Discount".
CREATE TEMP TABLE discount_products AS
SELECT product_id
FROM store.products
WHERE lower(trim(coalesce(name, code))) IN ('discount', 'discounts', 'rabatt', 'remise', 'descuento', '折扣', '优惠');

CREATE TEMP VIEW rows AS
SELECT *,
       CASE WHEN taxes = 0 AND discount = 0 AND refund = 0 THEN coalesce(gross, CAST(0 AS DECIMAL(18, 4)))
            WHEN type = 'return' THEN TRY_CAST(coalesce(gross - taxes - discount, refund, 0) AS DECIMAL(18, 4))
            ELSE TRY_CAST(coalesce(gross, 0) - taxes - discount - refund AS DECIMAL(18, 4)) END AS amount
FROM (
SELECT row_id, ingest, file, line, person, account_id, device_id,
       CASE (SELECT unit FROM unit) WHEN 'account' THEN account_id WHEN 'device' THEN device_id
            WHEN 'unit' THEN unit_id ELSE person END AS unit,
       ts, day,
       CASE WHEN type = 'return' AND product_id IN (SELECT product_id FROM discount_products) THEN 'discount'
            ELSE type END AS type,
       status, order_key, order_line, product_id, category AS category_id, query_id, session_key, source, country, currency,
       CASE WHEN rate IS NULL THEN price ELSE TRY_CAST(price * rate AS DECIMAL(18, 4)) END AS price,
       coalesce(quantity, 1) AS quantity,
       CASE WHEN rate IS NULL THEN gross ELSE TRY_CAST(gross * rate AS DECIMAL(18, 4)) END AS gross,
       coalesce(CASE WHEN rate IS NULL THEN taxes ELSE TRY_CAST(taxes * rate AS DECIMAL(18, 4)) END, 0) AS taxes,
       coalesce(CASE WHEN rate IS NULL THEN discount ELSE TRY_CAST(discount * rate AS DECIMAL(18, 4)) END, 0) AS discount,
       coalesce(CASE WHEN rate IS NULL THEN refund ELSE TRY_CAST(refund * rate AS DECIMAL(18, 4)) END, 0) AS refund
FROM (
    SELECT e.*, CAST(e.ts AS DATE) AS day, coalesce(m.new_id, e.user_id, d.person) AS person,
           r.rate, coalesce(e.category_id, l.category_id) AS category,
           -- A product of two wide decimals is computed in 128 bits, ten times as slowly as one that fits into 64.
           CASE WHEN e.price IS NULL THEN e.total
                WHEN e.quantity IS NULL OR e.quantity = 1 THEN e.price
                WHEN e.price BETWEEN -99999 AND 99999 AND e.quantity BETWEEN -9999 AND 9999
                THEN CAST(CAST(e.price AS DECIMAL(9, 4)) * CAST(e.quantity AS DECIMAL(7, 3)) AS DECIMAL(18, 4))
                ELSE TRY_CAST(e.price * e.quantity AS DECIMAL(18, 4)) END AS gross,
           -- A price is without tax and shipping; a total contains them where they stand beside it.
           CASE WHEN e.price IS NULL THEN CAST(coalesce(e.tax, 0) + coalesce(e.shipping, 0) AS DECIMAL(18, 4))
                ELSE CAST(0 AS DECIMAL(18, 4)) END AS taxes
    FROM store.events AS e
    LEFT JOIN merged AS m ON m.old_id = e.user_id
    LEFT JOIN device_owners AS d
           ON e.user_id IS NULL AND d.device_id = e.device_id AND e.ts <= d.last_seen
    LEFT JOIN listed AS l ON e.category_id IS NULL AND l.product_id = e.product_id
    LEFT JOIN day_rates AS r ON r.currency = e.currency AND r.day = CAST(e.ts AS DATE)
    WHERE e.ingest <= (SELECT ingest FROM up_to)
)
);
