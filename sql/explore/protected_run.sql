-- The same of a run: its segments, and what is behind them.
CREATE TEMP TABLE told_of AS SELECT user_id, segment FROM run.members WHERE user_id NOT IN (FROM restricted);

CREATE TABLE segments AS
SELECT segment, coarse(count(*)) AS users FROM told_of GROUP BY segment HAVING count(*) >= {k} ORDER BY ALL;

CREATE TABLE features AS
SELECT m.segment, f.feature, coarse(count(*)) AS users, told(avg(f.value)) AS mean
FROM run.feature_values AS f JOIN told_of AS m USING (user_id)
GROUP BY ALL HAVING count(*) >= {k} ORDER BY ALL;

CREATE TABLE segment_categories AS
SELECT m.segment, c.name AS category, s.type, coarse(count(DISTINCT s.user_id)) AS users, coarse(count(*)) AS events
FROM seen AS s JOIN told_of AS m USING (user_id)
LEFT JOIN store.products AS p USING (product_id)
JOIN store.categories AS c ON c.category_id = coalesce(s.category_id, p.category_id)
GROUP BY ALL HAVING count(DISTINCT s.user_id) >= {k} ORDER BY ALL;
