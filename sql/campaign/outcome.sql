-- What users did from a day (?) on: whether they bought, and what it brought.
SELECT u.pseudonym, count(CASE WHEN s.type = 'purchase' THEN 1 END) AS purchases,
       CAST(coalesce(sum(s.amount), 0) AS DOUBLE) AS amount
FROM sales AS s JOIN store.users AS u ON u.user_id = s.user_id
WHERE s.day >= CAST(? AS DATE)
GROUP BY u.pseudonym
ORDER BY u.pseudonym
