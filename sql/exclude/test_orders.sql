-- rule: test_orders
-- title: Test orders | 测试订单
-- Marked as a test by the shop, from a source of that name, or for a product whose code says so.
SELECT r.row_id
FROM rows AS r LEFT JOIN products AS p ON p.product_id = r.product_id
WHERE r.status = 'test'
   OR lower(r.source) IN ('test', 'testing', 'sandbox', '测试')
   OR upper(p.code) = 'TEST' OR upper(p.code) LIKE 'TEST00%'
