-- The pseudonym of everybody who has one, by key.
SELECT user_id, pseudonym FROM store.users ORDER BY user_id
