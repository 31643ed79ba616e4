-- How much goes: rows, users (with their devices), search texts, and lines of what people said about these users.
SELECT (SELECT count(*) FROM gone_rows), (SELECT count(*) FROM gone_users),
       (SELECT count(*) FROM gone_queries),
       (SELECT count(*) FROM prev.attributes WHERE user_id IN (SELECT user_id FROM gone_users))
       + (SELECT count(*) FROM prev.aliases
          WHERE old_id IN (SELECT user_id FROM gone_users) OR new_id IN (SELECT user_id FROM gone_users))
       + (SELECT count(*) FROM prev.excluded_users WHERE user_id IN (SELECT user_id FROM gone_users))
       + (SELECT count(*) FROM prev.people WHERE user_id IN (SELECT user_id FROM gone_users))
       + (SELECT count(*) FROM prev.consents WHERE user_id IN (SELECT user_id FROM gone_users))
       + (SELECT count(*) FROM prev.opt_outs WHERE user_id IN (SELECT user_id FROM gone_users))
