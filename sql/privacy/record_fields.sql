-- What is kept of events, and in how many of them it is filled.
UNPIVOT (
    SELECT count(user_id) AS "who: pseudonym of the user", count(account_id) AS "pseudonym of the company",
           count(device_id) AS "pseudonym of the device", count(unit_id) AS "pseudonym of another unit",
           count(ts) AS "when", count(type) AS "what happened", count(product_id) AS "product",
           count(category_id) AS "category", count(coalesce(price, total)) AS "amounts", count(query_id) AS "search text, masked",
           count(order_key) AS "order, as a keyed hash", count(session_key) AS "session, as a keyed hash",
           count(source) AS "source", count(country) AS "country"
    FROM store.events
) ON COLUMNS(*) INTO NAME field VALUE filled
