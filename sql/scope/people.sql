-- Whose a device is, from the rows up to the run's last ingest; after aliases.sql.

-- A device is its user's where it has one; with several it is nobody's.
CREATE TEMP TABLE device_owners AS
SELECT device_id, min(person) AS person, max(ts) AS last_seen
FROM (
    SELECT e.device_id, coalesce(m.new_id, e.user_id) AS person, e.ts
    FROM store.events AS e LEFT JOIN merged AS m ON m.old_id = e.user_id
    WHERE e.device_id IS NOT NULL AND e.user_id IS NOT NULL AND e.ingest <= (SELECT ingest FROM up_to)
)
GROUP BY device_id
HAVING count(DISTINCT person) = 1;
