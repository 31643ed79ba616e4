-- rule: fees
-- title: Fees, postage and bookings | 费用、邮费与账目
-- What a till books as a product and nobody bought: postage, carriage, commissions, bank charges, manual corrections,
-- samples, donations. The codes are those of UK tills (UCI Online Retail among them); the names, those of any. Codes of one
-- letter are left to the names: elsewhere they are goods.
SELECT r.row_id
FROM rows AS r JOIN products AS p ON p.product_id = r.product_id
WHERE r.type IN ('purchase', 'return')
  AND (upper(p.code) IN ('POST', 'DOT', 'C2', 'PADS', 'CRUK', 'AMAZONFEE', 'BANK CHARGES', 'POSTAGE',
                         'SHIPPING', 'DELIVERY', 'FEE')
       OR lower(trim(p.name)) IN ('postage', 'dotcom postage', 'carriage', 'shipping', 'shipping fee', 'delivery',
                                  'delivery fee', 'handling', 'handling fee', 'amazon fee', 'bank charges', 'manual',
                                  'adjust bad debt', 'samples', 'cruk commission', 'versand', 'versandkosten', 'porto',
                                  'frais de port', '运费', '邮费', '手续费'))
