-- rule: cancelled
-- title: Cancelled orders | 已取消的订单
-- What the shop itself marks as called off. A cancellation that comes as a row of its own is a return.
SELECT row_id FROM rows WHERE status = 'cancelled' AND type IN ('purchase', 'renewal')
