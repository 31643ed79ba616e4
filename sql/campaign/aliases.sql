-- Who is another by now: pseudonyms as they were, and as they are.
SELECT o.pseudonym, n.pseudonym
FROM merged AS m
JOIN store.users AS o ON o.user_id = m.old_id
JOIN store.users AS n ON n.user_id = m.new_id
ORDER BY 1
