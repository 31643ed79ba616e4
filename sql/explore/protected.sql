-- All that the prompt sees of a protected workspace: groups of at least {k} people, counts as multiples of {k}, means with
-- three digits that count. A user who is another by now is that other; whoever is kept and not used is in no group.
CREATE MACRO coarse(n) AS CAST(round(n / {k}) * {k} AS BIGINT);
CREATE MACRO told(x) AS CASE WHEN x = 0 THEN 0 ELSE round(x, CAST(2 - floor(log10(abs(x))) AS INTEGER)) END;

CREATE TEMP TABLE seen AS
SELECT coalesce(m.new_id, e.user_id) AS user_id, e.ts, e.type, e.product_id, e.category_id, e.query_id, e.source, e.country
FROM store.events AS e LEFT JOIN merged AS m ON m.old_id = e.user_id
WHERE e.user_id IS NOT NULL AND e.user_id NOT IN (FROM restricted);

CREATE TABLE types AS
SELECT type, coarse(count(DISTINCT user_id)) AS users, coarse(count(*)) AS events
FROM seen GROUP BY type HAVING count(DISTINCT user_id) >= {k} ORDER BY ALL;

CREATE TABLE days AS
SELECT CAST(ts AS DATE) AS day, type, coarse(count(DISTINCT user_id)) AS users, coarse(count(*)) AS events
FROM seen GROUP BY ALL HAVING count(DISTINCT user_id) >= {k} ORDER BY ALL;

CREATE TABLE hours AS
SELECT dayofweek(ts) AS weekday, hour(ts) AS hour, coarse(count(DISTINCT user_id)) AS users, coarse(count(*)) AS events
FROM seen GROUP BY ALL HAVING count(DISTINCT user_id) >= {k} ORDER BY ALL;

CREATE TABLE products AS
SELECT p.code AS product, p.name, s.type, coarse(count(DISTINCT s.user_id)) AS users, coarse(count(*)) AS events
FROM seen AS s JOIN store.products AS p USING (product_id)
GROUP BY ALL HAVING count(DISTINCT s.user_id) >= {k} ORDER BY ALL;

CREATE TABLE categories AS
SELECT c.name AS category, s.type, coarse(count(DISTINCT s.user_id)) AS users, coarse(count(*)) AS events
FROM seen AS s LEFT JOIN store.products AS p USING (product_id)
JOIN store.categories AS c ON c.category_id = coalesce(s.category_id, p.category_id)
GROUP BY ALL HAVING count(DISTINCT s.user_id) >= {k} ORDER BY ALL;

CREATE TABLE queries AS
SELECT q.query, coarse(count(DISTINCT s.user_id)) AS users, coarse(count(*)) AS searches
FROM seen AS s JOIN store.queries AS q USING (query_id)
GROUP BY ALL HAVING count(DISTINCT s.user_id) >= {k} ORDER BY ALL;

CREATE TABLE sources AS
SELECT source, country, coarse(count(DISTINCT user_id)) AS users, coarse(count(*)) AS events
FROM seen GROUP BY ALL HAVING count(DISTINCT user_id) >= {k} ORDER BY ALL;
