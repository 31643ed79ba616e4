-- Everything that has a pseudonym, and the first day and the last one with an event.
SELECT (SELECT count(*) FROM store.users) AS users,
       CAST(CAST(min(ts) AS DATE) AS VARCHAR) AS first_day, CAST(CAST(max(ts) AS DATE) AS VARCHAR) AS last_day
FROM store.events
