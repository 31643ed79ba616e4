-- What users did. first_of_… says whether an event is its user's first with its product, category, query, in its hour of the
-- day (hour), on its day of the week (weekday) or in its hour of the week (week_hour): counting the firsts counts different
-- ones, without a set of them for each user. All of them are of all of a user's events, whatever else is asked for
-- (src/scope/firsts.rs).
CREATE TEMP VIEW events AS
SELECT unit AS user_id, ts, CAST(ts AS DATE) AS day, CAST(type AS VARCHAR) AS type, order_key, product_id, category_id,
       price, quantity, currency, query_id, session_key, source, country,
       first_of_product(place) AS first_of_product,
       first_of_category(place) AS first_of_category,
       first_of_query(place) AS first_of_query,
       first_of_hour(place) AS first_of_hour,
       first_of_weekday(place) AS first_of_weekday,
       first_of_week_hour(place) AS first_of_week_hour
FROM scope.placed;

-- What each user did, a row a user.
CREATE TEMP VIEW activity AS SELECT * FROM scope.activity;
