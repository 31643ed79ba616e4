-- What the prompt may no longer do once its views are made: reach a file that is not open yet, nest so deep that the stack
-- ends, or undo this. Spilling into the temporary folder goes on.
SET max_expression_depth = 250;
SET enable_external_access = false;
SET lock_configuration = true;
