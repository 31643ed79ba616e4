-- The rows that count, of those who are segmented, up to the last day of the period, which holds the first and the last one.
-- `excluded` holds the rows that a rule of sql/exclude flagged.
CREATE TEMP VIEW counted AS
SELECT r.*
FROM rows AS r LEFT JOIN excluded AS x ON x.row_id = r.row_id
WHERE x.row_id IS NULL AND r.unit IS NOT NULL AND r.day <= (SELECT last_day FROM period);

-- Kept once, since a run asks for them dozens of times: in a file while a run is made, where they take a sixth of the memory
-- (DuckDB compresses what it writes to a file, and reads such a block again rather than spill it), else in memory. A column
-- without any value takes as long to write as a full one, so {kept} are those with values; {read} are all.
ATTACH IF NOT EXISTS ':memory:' AS scope;

-- What users did. A renewal is nothing that a user did, a discount line neither.
CREATE TABLE scope.acts AS
SELECT unit, ts, CAST(type AS {types}) AS type, quantity{kept}
FROM counted
WHERE type NOT IN ('renewal', 'discount') AND day >= (SELECT first_day FROM period);
CREATE VIEW scope.placed AS
SELECT rowid AS place, unit, ts, type, quantity{read} FROM scope.acts;

-- What each user did, a row a user: what most features and portraits begin with; src/scope/firsts.rs counts it. Of each
-- category with n events the weight holds n ln n: what an entropy is made of.
CREATE TABLE scope.activity (
    user_id INTEGER, events BIGINT, views BIGINT, searches BIGINT, carts BIGINT, favourites BIGINT, purchases BIGINT,
    returns BIGINT, sessions BIGINT, products BIGINT, categories BIGINT, category_events BIGINT,
    favourite_category_events BIGINT, active_days BIGINT, evening_events BIGINT, weekend_events BIGINT,
    category_weight DOUBLE, first_day DATE, last_day DATE
);

-- What was booked, whenever: a return may be of a purchase before the period.
CREATE TABLE scope.bookings AS
SELECT row_id, unit, ts, CAST(type AS {types}) AS type, quantity, amount{kept}
FROM counted
WHERE type IN ('purchase', 'return', 'renewal', 'discount');
CREATE TEMP VIEW bookings AS
SELECT row_id, unit, ts, CAST(ts AS DATE) AS day, CAST(type AS VARCHAR) AS type, quantity, amount{read}
FROM scope.bookings;
