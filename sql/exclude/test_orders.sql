-- rule: test_orders
-- title: Test orders | 测试订单
-- Marked as a test by the shop, from a source of that name, or for a product whose code says so.
-- Each is asked by itself: a look at one column of the rows is quicker than one at three.
SELECT row_id FROM rows WHERE status = 'test'
UNION ALL
SELECT row_id FROM rows WHERE lower(source) IN ('test', 'testing', 'sandbox', '测试')
UNION ALL
SELECT row_id
FROM rows
WHERE product_id IN (SELECT product_id FROM products WHERE upper(code) = 'TEST' OR upper(code) LIKE 'TEST00%')
