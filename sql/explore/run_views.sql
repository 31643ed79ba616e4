-- What the prompt shows of a run under plain names: who is in which segment, and the feature values that say why.
CREATE VIEW members AS
SELECT u.pseudonym AS "user", m.segment, m.distance
FROM run.members AS m JOIN store.users AS u ON u.user_id = m.user_id
WHERE m.user_id NOT IN (FROM aside.restricted);

CREATE VIEW features AS
SELECT u.pseudonym AS "user", f.feature, f.value
FROM run.feature_values AS f JOIN store.users AS u ON u.user_id = f.user_id
WHERE f.user_id NOT IN (FROM aside.restricted);
