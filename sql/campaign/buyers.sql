-- Users of each segment, and those of them who bought within the last days ({days}) of the run: what happens without a campaign.
SELECT m.segment, count(*) AS users, count(b.user_id) AS buyers
FROM members AS m
LEFT JOIN (
    SELECT DISTINCT user_id
    FROM sales
    WHERE type = 'purchase' AND day > (SELECT last_day FROM period) - {days}
) AS b ON b.user_id = m.user_id
GROUP BY m.segment
ORDER BY m.segment
