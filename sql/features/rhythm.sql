-- family: rhythm
-- title: Rhythm | 时间节奏
-- column: evening_share | unit: % | topic: evening | missing: zero | needs: clock | en: Events in the evening (18 to 24 o'clock) | zh: 晚间（18至24点）行为占比
-- column: weekend_share | unit: % | topic: weekend | missing: zero | needs: days | en: Events at the weekend | zh: 周末行为占比
-- column: tenure_days | unit: days | topic: tenure | transform: log1p | missing: zero | needs: days | en: Days from the first event to the last | zh: 首末行为间隔天数
-- column: active_days | unit: days | topic: active_days | transform: log1p | missing: zero | needs: days | en: Days with any event | zh: 活跃天数
-- column: gap_days | unit: days | topic: gap | transform: log1p | missing: median | needs: purchase, days | en: Days between purchases | zh: 购买间隔天数
-- column: regularity | unit: times | topic: regularity | missing: median | needs: purchase, days | en: Variation of the days between purchases | zh: 购买间隔的波动
WITH gaps AS (
    SELECT user_id, day - lag(day) OVER (PARTITION BY user_id ORDER BY day) AS gap
    FROM (SELECT DISTINCT user_id, day FROM sales WHERE type = 'purchase')
),
-- The coefficient of variation from whole sums: the same in any order of adding.
variation AS (
    SELECT user_id, count(gap) AS n, sum(gap) AS total, sum(gap * gap) AS squares FROM gaps GROUP BY user_id
)
SELECT a.user_id,
       100.0 * a.evening_events / a.events AS evening_share,
       100.0 * a.weekend_events / a.events AS weekend_share,
       a.last_day - a.first_day AS tenure_days,
       a.active_days,
       CAST(v.total AS DOUBLE) / nullif(v.n, 0) AS gap_days,
       CASE WHEN v.n >= 2
            THEN sqrt(greatest(v.n * v.squares - v.total * v.total, 0) / CAST(v.n * (v.n - 1) AS DOUBLE))
                 / (CAST(v.total AS DOUBLE) / v.n) END AS regularity
FROM activity AS a LEFT JOIN variation AS v ON v.user_id = a.user_id
