-- What goes with time: the rows before the day in `cutoff`, the users of whom no row and no word is left, and the ingests
-- of before that day, whose quarantined texts go too.
CREATE TEMP TABLE gone_rows AS
SELECT row_id, query_id, product_id FROM prev.events WHERE ts < (SELECT day FROM cutoff);
CREATE TEMP TABLE gone_users AS
WITH staying AS (
    SELECT unnest([user_id, account_id, device_id, unit_id]) AS user_id
    FROM prev.events
    WHERE ts >= (SELECT day FROM cutoff)
    UNION
    SELECT old_id FROM prev.aliases
    UNION
    SELECT new_id FROM prev.aliases
    UNION
    SELECT user_id FROM prev.excluded_users
    UNION
    SELECT user_id FROM prev.people
    UNION
    SELECT user_id FROM prev.consents
    UNION
    SELECT user_id FROM prev.opt_outs
)
SELECT user_id FROM prev.users WHERE user_id NOT IN (SELECT user_id FROM staying WHERE user_id IS NOT NULL);
CREATE TEMP TABLE gone_ingests AS
SELECT ingest FROM prev.ingests WHERE CAST(substr(ingested_at, 1, 10) AS DATE) < (SELECT day FROM cutoff);
