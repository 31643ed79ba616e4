-- What stores have since version 4: words that lift an opt-out.
CREATE VIEW {new}.opt_outs AS SELECT * FROM {old}.opt_outs;
