-- Version 3 knew no word that lifts an opt-out.
CREATE VIEW {new}.opt_outs AS SELECT *, true AS stops FROM {old}.opt_outs;
