-- Older runs do not keep it.
CREATE TEMP VIEW near AS
SELECT CAST(NULL AS INTEGER) AS user_id, CAST(NULL AS INTEGER) AS segment, CAST(NULL AS DOUBLE) AS distance,
       CAST(NULL AS DOUBLE) AS probability
WHERE false
