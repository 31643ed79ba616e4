-- family: search
-- title: Search | 搜索
-- needs: search
-- column: searches | unit: searches | topic: searches | transform: log1p | missing: zero | en: Searches | zh: 搜索次数
-- column: query_variety | unit: searches | topic: query_variety | transform: log1p | missing: zero | needs: query | en: Different search queries | zh: 不同搜索词数
-- column: words_per_query | unit: words | topic: words | missing: median | needs: query | en: Words in a query | zh: 每次搜索词数
-- column: search_purchase | unit: % | topic: search_purchase | missing: median | needs: session, purchase | en: Searches followed by a purchase in the session | zh: 会话内搜索后购买占比
WITH searches AS (
    SELECT user_id, session_key, ts, query_id FROM events WHERE type = 'search'
),
words AS (
    SELECT query_id, length(query) - length(replace(query, ' ', '')) + 1 AS words FROM queries
),
variety AS (
    SELECT user_id, count(*) AS query_variety
    FROM (SELECT DISTINCT user_id, query_id FROM searches WHERE query_id IS NOT NULL)
    GROUP BY user_id
),
bought AS (
    SELECT user_id, session_key, max(ts) AS last_purchase
    FROM events
    WHERE type = 'purchase' AND session_key IS NOT NULL
    GROUP BY user_id, session_key
),
counted AS (
    SELECT s.user_id, count(*) AS searches,
           CAST(sum(w.words) AS DOUBLE) / nullif(count(w.words), 0) AS words_per_query,
           100.0 * count(CASE WHEN b.last_purchase >= s.ts THEN 1 END) / count(*) AS search_purchase
    FROM searches AS s
    LEFT JOIN words AS w ON w.query_id = s.query_id
    LEFT JOIN bought AS b ON b.user_id = s.user_id AND b.session_key = s.session_key
    GROUP BY s.user_id
)
SELECT c.user_id, c.searches, v.query_variety, c.words_per_query, c.search_purchase
FROM counted AS c LEFT JOIN variety AS v ON v.user_id = c.user_id
