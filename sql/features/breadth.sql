-- family: breadth
-- title: Breadth and taste | 广度与偏好
-- needs: product | category
-- column: products | unit: products | topic: products | transform: log1p | missing: zero | needs: product | en: Different products | zh: 涉及商品数
-- column: categories | unit: categories | topic: categories | transform: log1p | missing: zero | needs: category | en: Different categories | zh: 涉及品类数
-- column: variety | unit: number | topic: variety | missing: median | needs: category | en: Variety of categories (entropy) | zh: 品类多样性（熵）
-- column: focus | unit: % | topic: focus | missing: median | needs: category | en: Events in the favourite category | zh: 首选品类占比
-- Shannon's entropy of the shares n / events of the categories is ln(events) less the mean of ln(n) over the events; what
-- rounding leaves of it is cut off.
SELECT user_id, products, categories,
       CASE WHEN category_events > 0
            THEN greatest(round(ln(category_events) - CAST(category_weight AS DOUBLE) / category_events, 6), 0) END AS variety,
       100.0 * favourite_category_events / nullif(category_events, 0) AS focus
FROM activity
