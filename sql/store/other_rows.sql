-- Rows of the other workspace whose hash is not known: stores of older versions kept none.
SELECT count(*)
FROM (SELECT row_id FROM other.events UNION ALL SELECT row_id FROM other.quarantine) AS r
WHERE NOT EXISTS (SELECT 1 FROM other.rows_seen AS s WHERE s.row_id = r.row_id)
