-- Events of each segment in each hour of the week (weekday 1 is Monday) and of how many users they are. hour_users and
-- weekday_users are those whose first event in that hour of any day, or on that day at any hour, is here: added up over
-- the other of the two, each user counts once.
CREATE OR REPLACE TEMP TABLE clock AS
SELECT m.segment,
       CAST(extract(isodow FROM e.ts) AS INTEGER) AS weekday,
       CAST(extract(hour FROM e.ts) AS INTEGER) AS hour,
       count(*) AS events,
       count(CASE WHEN e.first_of_week_hour THEN 1 END) AS users,
       count(CASE WHEN e.first_of_hour THEN 1 END) AS hour_users,
       count(CASE WHEN e.first_of_weekday THEN 1 END) AS weekday_users
FROM events AS e JOIN members AS m ON m.user_id = e.user_id
GROUP BY 1, 2, 3;
