-- rule: staff
-- title: Staff | 内部员工
-- Rows whose source says that the shop's own people made them. Known ids go into a file: ingest --exclude-users.
SELECT row_id
FROM rows
WHERE lower(source) IN ('staff', 'internal', 'employee', 'employees', 'backoffice', '内部', '员工')
