-- Whoever a pseudonym (?) stands for, the user that it became where it is another by now, with its segment in the run.
SELECT w.user_id, n.pseudonym, m.segment
FROM (
    SELECT CASE WHEN (SELECT unit FROM unit) = 'user' THEN coalesce(a.new_id, u.user_id) ELSE u.user_id END AS user_id
    FROM store.users AS u LEFT JOIN merged AS a ON a.old_id = u.user_id
    WHERE u.pseudonym = ?
) AS w
JOIN store.users AS n ON n.user_id = w.user_id
LEFT JOIN members AS m ON m.user_id = w.user_id
