-- How much people said in the other workspace and not here.
SELECT (SELECT count(*) FROM stage.kept) + (SELECT count(*) FROM stage.aliases) + (SELECT count(*) FROM stage.excluded_users)
       + (SELECT count(*) FROM stage.rates) + (SELECT count(*) FROM stage.people) + (SELECT count(*) FROM stage.consents)
       + (SELECT count(*) FROM stage.opt_outs) + (SELECT count(*) FROM stage.listings)
