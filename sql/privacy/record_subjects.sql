-- Whose data it is, and since when.
SELECT count(DISTINCT user_id), count(DISTINCT account_id), count(DISTINCT device_id), count(*),
       strftime(min(ts), '%Y-%m-%d'), strftime(max(ts), '%Y-%m-%d'),
       (SELECT count(*) FROM store.quarantine WHERE reason = 'the person did not consent')
FROM store.events
