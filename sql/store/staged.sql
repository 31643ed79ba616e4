-- Rows of the files being read, in the order of the files, as src/events/staged.rs gives them: whole numbers, no value is -1.
-- Amounts are ten-thousandths, quantities thousandths; type, status, currency, source, country and reason are keys of
-- stage.words. A row with a reason is quarantined, any other one is an event.
CREATE VIEW stage.rows AS
SELECT position, hash_high, hash_low, line, file,
       nullif(at_seconds, -1) AS at_seconds,
       nullif(price_e4, -1) AS price_e4,
       nullif(quantity_e3, -1) AS quantity_e3,
       nullif(total_e4, -1) AS total_e4,
       nullif(discount_e4, -1) AS discount_e4,
       nullif(tax_e4, -1) AS tax_e4,
       nullif(shipping_e4, -1) AS shipping_e4,
       nullif(refund_e4, -1) AS refund_e4,
       nullif(order_key, -1) AS order_key,
       nullif(session_key, -1) AS session_key,
       nullif(order_line, -1) AS order_line,
       nullif(user_id, -1) AS user_id,
       nullif(account_id, -1) AS account_id,
       nullif(device_id, -1) AS device_id,
       nullif(unit_id, -1) AS unit_id,
       nullif(product_id, -1) AS product_id,
       nullif(category_id, -1) AS category_id,
       nullif(query_id, -1) AS query_id,
       nullif(type, -1) AS type,
       nullif(status, -1) AS status,
       nullif(currency, -1) AS currency,
       nullif(source, -1) AS source,
       nullif(country, -1) AS country,
       nullif(reason, -1) AS reason
FROM staged_rows();
