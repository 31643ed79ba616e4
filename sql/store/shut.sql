-- Before an analyst's own SQL is run: no file but the runs' can be opened any more, nothing is installed or loaded, and none
-- of that can be undone; nor does a query nest so deep that the stack ends. Spilling into the temporary folder goes on.
SET max_expression_depth = 250;
SET allowed_directories = ['{runs}'];
SET enable_external_access = false;
SET lock_configuration = true;
