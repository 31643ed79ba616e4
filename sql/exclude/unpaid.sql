-- rule: unpaid
-- title: Unpaid orders | 未付款的订单
SELECT row_id FROM rows WHERE status = 'unpaid' AND type IN ('purchase', 'renewal')
