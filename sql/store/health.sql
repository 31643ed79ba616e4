-- How much the event store holds.
SELECT (SELECT count(*) FROM store.events), (SELECT count(*) FROM store.users)
