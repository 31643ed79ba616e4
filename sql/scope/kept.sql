-- What a run asks for many times is computed once: the view of this name gives what is kept.
CREATE TABLE scope.sales AS SELECT * FROM sales;
CREATE OR REPLACE TEMP VIEW sales AS SELECT * FROM scope.sales;
