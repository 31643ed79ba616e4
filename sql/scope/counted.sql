-- What feature and portrait SQL reads: the rows that count, of those who are segmented, within the period.
-- `excluded` holds the rows that a rule of sql/exclude flagged; `period` the first and last day.

-- Kept once, since a run asks for it dozens of times: in a file while a run is made, where it takes a sixth of the memory
-- (DuckDB compresses what it writes to a file, and reads such a block again rather than spill it), else in memory.
ATTACH IF NOT EXISTS ':memory:' AS scope;
CREATE TABLE scope.counted AS
SELECT r.row_id, r.unit, r.ts, r.day, r.type, r.order_key, r.product_id, r.category_id, r.query_id, r.session_key, r.source,
       r.country, r.currency, r.price, r.quantity, r.amount
FROM rows AS r LEFT JOIN excluded AS x ON x.row_id = r.row_id
WHERE x.row_id IS NULL AND r.unit IS NOT NULL AND r.day <= (SELECT last_day FROM period);
CREATE TEMP VIEW counted AS SELECT * FROM scope.counted;

-- What users did, and where it stands in the table. A renewal is nothing that a user did, a discount line neither.
CREATE TEMP VIEW placed AS
SELECT rowid AS place, *
FROM scope.counted
WHERE type NOT IN ('renewal', 'discount') AND day >= (SELECT first_day FROM period);
